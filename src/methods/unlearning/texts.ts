/** Texts in batches, drawn anew each time round. */
import { type RandomStream, stream, type Tensor, tensor } from "#base";

/** A batch of texts, shorter ones filled up at the end. */
export interface TextTensors {
  /** int64 [B, T] */
  readonly inputIds: Tensor<"int64">;
  /** int64 [B, T] */
  readonly targets: Tensor<"int64">;
  /** [B, T] */
  readonly counts: Tensor<"float32">;
}

/** Texts as one batch: every token after the first is a target. */
export function textTensors(texts: readonly (readonly number[])[]): TextTensors {
  const length = Math.max(...texts.map((text) => text.length)) - 1;
  const shape = [texts.length, length];
  const row = <Cell>(cell: (text: readonly number[], at: number) => Cell) =>
    texts.flatMap((text) => Array.from({ length }, (_, at) => cell(text, at)));
  return {
    inputIds: tensor(
      shape,
      row((text, at) => (at < text.length - 1 ? text[at]! : 0)),
      "int64",
    ),
    targets: tensor(
      shape,
      row((text, at) => text[at + 1] ?? 0),
      "int64",
    ),
    counts: tensor(
      shape,
      row((text, at) => Number(at < text.length - 1)),
    ),
  };
}

/**
 * The texts of a batch, in an order that changes from one time round to the next and depends on seed and purpose alone.
 * What is not enough is taken again from the start.
 */
export function drawTexts<Text>(
  texts: readonly Text[],
  { batch, size, seed, purpose }: { batch: number; size: number; seed: number; purpose: string },
): Text[] {
  return Array.from({ length: size }, (_, offset) => {
    const at = batch * size + offset;
    const round = Math.floor(at / texts.length);
    return texts[shuffled(texts.length, stream(seed, `${purpose}/${round}`))[at % texts.length]!]!;
  });
}

function shuffled(count: number, random: RandomStream): number[] {
  const order = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = random.int(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
