import { AssayError } from "#base";

interface Range {
  readonly from: number;
  /** Excluded; no limit when left out. */
  readonly below?: number;
}

/** @throws AssayError OPTION_RANGE, naming the option */
export function expectInRange(who: string, options: Readonly<Record<string, number>>, { from, below }: Range): void {
  for (const [name, value] of Object.entries(options)) {
    if (value >= from && value < (below ?? Number.POSITIVE_INFINITY)) continue;
    const range = below === undefined ? `${from} or more` : `${from} to below ${below}`;
    throw new AssayError("OPTION_RANGE", `${who}: Expected ${name} of ${range}, got ${value}`);
  }
}
