import { AssayError } from "#base";
import type { TextMetric, TextPair } from "./metric.ts";

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
export function readPairs(text: string, options: ReadPairsOptions): TextPair[] {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  const pairs = lines.flatMap((line, at) => (line.trim() === "" ? [] : readLine(line, at + 1, options)));
  if (pairs.length > 0) return pairs;
  throw new AssayError("NO_LINES", `${options.file}: Expected lines of {"reference", "candidate"}, got an empty file`);
}

function readLine(line: string, number: number, { file, references }: ReadPairsOptions): TextPair {
  const fail = (message: string, cause?: unknown): never => {
    throw new AssayError("BAD_LINE", `${file}:${number}: ${message}`, { details: { file, line: number }, cause });
  };
  const { reference, candidate } = parseObject(line, fail);
  if (typeof candidate !== "string") fail(`Expected "candidate" to be a string, got ${describe(candidate)}`);
  const wanted = expectations[references];
  if (!wanted.accepts(reference)) fail(`Expected "reference" to be ${wanted.form}, got ${describe(reference)}`);
  return { reference, candidate } as TextPair;
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "string") && value.length > 0;

const expectations = {
  one: { form: "a string", accepts: (value: unknown) => typeof value === "string" },
  several: {
    form: "a string or a list of at least one string",
    accepts: (value: unknown) => typeof value === "string" || isTexts(value),
  },
  names: { form: "a list of at least one name", accepts: isTexts },
} as const satisfies Record<TextMetric["references"], { form: string; accepts: (value: unknown) => boolean }>;

function parseObject(line: string, fail: (message: string, cause?: unknown) => never): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return fail(`Expected a JSON object, got text that is not JSON (${(error as Error).message})`, error);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail(`Expected a JSON object, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
