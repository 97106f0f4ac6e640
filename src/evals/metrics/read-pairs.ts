import type { TextMetric, TextPair } from "./metric.ts";
import { describe, type Fail, isTexts, readLines } from "./read-lines.ts";

/** Where a text comes from, and what a metric takes as reference. */
export interface ReadPairsOptions {
  /** Named in errors. */
  readonly file: string;
  readonly references: TextMetric["references"];
}

/**
 * Reads pairs from JSONL: a line is `{"reference": …, "candidate": "…"}`; empty lines are passed over, other keys too.
 *
 * @throws AssayError BAD_LINE naming file and line, NO_LINES
 */
export function readPairs(text: string, { file, references }: ReadPairsOptions): TextPair[] {
  return readLines(text, { file, read: (line, fail) => readPair(line, { references, fail }) });
}

function readPair(
  { reference, candidate }: Record<string, unknown>,
  { references, fail }: { readonly references: TextMetric["references"]; readonly fail: Fail },
): TextPair {
  if (typeof candidate !== "string") return fail(`Expected "candidate" to be a string, got ${describe(candidate)}`);
  const { form, accepts } = expectations[references];
  if (!accepts(reference)) return fail(`Expected "reference" to be ${form}, got ${describe(reference)}`);
  return { reference, candidate };
}

const isFilled = (value: unknown): value is string[] => isTexts(value) && value.length > 0;

const expectations = {
  one: { form: "a string", accepts: (value: unknown): value is string => typeof value === "string" },
  several: {
    form: "a string or a list of at least one string",
    accepts: (value: unknown): value is string | string[] => typeof value === "string" || isFilled(value),
  },
  names: { form: "a list of at least one name", accepts: isFilled },
} as const satisfies Record<TextMetric["references"], unknown>;
