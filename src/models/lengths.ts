import { AssayError } from "#base";

/** A loop over batches of nothing would not end. @throws AssayError OPTION_RANGE */
export function expectBatchSize(who: string, batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize > 0) return;
  throw new AssayError("OPTION_RANGE", `${who}: Expected a whole batchSize above zero, got ${batchSize}`);
}

/** Lengths to which texts are filled up, so that few shapes are ever computed: 16, 24, 32, 48, 64, 96 … */
export function paddedLength(tokens: number, longest: number): number {
  let step = 16;
  while (step < tokens) step = Number.isInteger(Math.log2(step)) ? step * 1.5 : (step / 3) * 4;
  return Math.min(step, Math.max(longest, tokens));
}

/** Token ids with zeros behind them: what comes after a token never changes it. */
export function padded(ids: readonly number[], length: number): number[] {
  return [...ids, ...new Array<number>(length - ids.length).fill(0)];
}
