import { AssayError } from "#base";

/** Says what is wrong with a line; the message already names file and line. */
export type Fail = (message: string, cause?: unknown) => never;

/**
 * The JSON objects of a JSONL text, each read by `read`; empty lines and a byte order mark are passed over.
 *
 * @throws AssayError BAD_LINE naming file and line, NO_LINES
 */
export function readLines<Item>(
  text: string,
  { file, read }: { readonly file: string; readonly read: (line: Record<string, unknown>, fail: Fail) => Item },
): Item[] {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  const items = lines.flatMap((line, at) => {
    if (line.trim() === "") return [];
    const fail: Fail = (message, cause) => {
      throw new AssayError("BAD_LINE", `${file}:${at + 1}: ${message}`, { details: { file, line: at + 1 }, cause });
    };
    return [read(parseObject(line, fail), fail)];
  });
  if (items.length > 0) return items;
  throw new AssayError("NO_LINES", `${file}: Expected a JSON object a line, got an empty file`);
}

function parseObject(line: string, fail: Fail): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return fail(`Expected a JSON object, got text that is not JSON (${(error as Error).message})`, error);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail(`Expected a JSON object, got ${describe(value)}`);
}

/** A value in two words, for an error. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** True for a list of texts. */
export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");
