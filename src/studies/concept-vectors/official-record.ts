import type { ValueVectorPlace } from "#methods/value-vectors";

/** One record of a benchmark file. */
export interface OfficialRecord {
  readonly concept: string;
  /** Absent where the value vector is to be found. */
  readonly place: ValueVectorPlace | undefined;
  readonly questions: readonly string[];
  /** Right answers, where the record has them; the benchmark has none. */
  readonly golds: readonly string[] | undefined;
  readonly completions: readonly { readonly first: string; readonly second: string }[];
  readonly unrelated: readonly string[];
  readonly article: string;
}
