import { AssayError } from "#base";
import type { ResponseEntry } from "./score-file.ts";
import { splitTruth } from "./truth.ts";

/**
 * Reads answers that were produced elsewhere: the official response file (a JSON array of
 * `{ id, response, ground_truth }`) or JSON lines of `{ needles, truth, response }`.
 *
 * `needles` is counted from the truth where it is not given, `id` from the order of the file.
 *
 * @throws AssayError RESPONSES_MALFORMED naming file and line (or entry, in an array)
 */
export function readResponses(text: string, file: string): readonly ResponseEntry[] {
  const content = text.replace(/^\uFEFF/, "");
  const entries = content.trimStart().startsWith("[") ? readArray(content, file) : readLines(content, file);
  if (entries.length > 0) return entries;
  throw malformed(file, "Expected at least one response, got none");
}

function readArray(text: string, file: string): readonly ResponseEntry[] {
  const entries = parse(text, file) as readonly unknown[];
  return entries.map((entry, at) => toEntry(entry, { at, where: `${file}, entry ${at + 1}` }));
}

function readLines(text: string, file: string): readonly ResponseEntry[] {
  const lines = text.split("\n").map((line, at) => ({ line, number: at + 1 }));
  return lines
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }, at) => toEntry(parse(line, `${file}:${number}`), { at, where: `${file}:${number}` }));
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(where, `Expected JSON, got a syntax error (${(cause as SyntaxError).message})`, cause);
  }
}

function toEntry(value: unknown, { at, where }: { readonly at: number; readonly where: string }): ResponseEntry {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw malformed(where, `Expected an object with "response" and "truth" or "ground_truth", got ${shown(value)}`);
  }
  const { id = at, response, truth, ground_truth = truth, needles = countParts(ground_truth) } = value as Fields;
  if (typeof ground_truth !== "string") throw malformed(where, `Expected a truth as text, got ${shown(ground_truth)}`);
  if (typeof id !== "number" && typeof id !== "string") throw malformed(where, `Expected an id, got ${shown(id)}`);
  if (response !== null && typeof response !== "string") {
    throw malformed(where, `Expected a response that is text or null, got ${shown(response)}`);
  }
  if (typeof needles !== "number" || !Number.isSafeInteger(needles) || needles < 1) {
    throw malformed(where, `Expected a whole number of needles, got ${shown(needles)}`);
  }
  checkTruth(ground_truth, needles, where);
  return { id, needles, truth: ground_truth, response };
}

type Fields = Readonly<Record<"id" | "needles" | "truth" | "ground_truth" | "response", unknown>>;

const countParts = (truth: unknown): number => (typeof truth === "string" ? truth.split("; ").length : 1);

function checkTruth(truth: string, needles: number, where: string): void {
  try {
    splitTruth(truth, needles);
  } catch (cause) {
    throw malformed(where, (cause as AssayError).message.replace(/^mmneedle: /, ""), cause);
  }
}

/** A value as an error message shows it, cut short. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value !== null && typeof value === "object") return Array.isArray(value) ? "an array" : "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function malformed(where: string, problem: string, cause?: unknown): AssayError {
  return new AssayError("RESPONSES_MALFORMED", `${where}: ${problem}`, { cause });
}
