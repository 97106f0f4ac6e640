import { AssayError, type Json } from "#base";

/**
 * JSON.rawJSON and the reviver's source text, which TypeScript's library does not know yet: they keep a number as it was
 * written (`1e-05`, `1.0`, integers beyond 2^53), where parsing and writing would change it.
 */
const raw = JSON as unknown as { rawJSON(text: string): unknown };
type Reviver = (this: unknown, key: string, value: unknown, context?: { source: string }) => unknown;

/** Parses a JSON object so that writing it again changes nothing but what is set. @throws AssayError JSON_INVALID */
export function parseExactly(text: string, path: string): Record<string, unknown> {
  const keep: Reviver = (_, value, context) =>
    typeof value === "number" && context && JSON.stringify(value) !== context.source
      ? raw.rawJSON(context.source)
      : value;
  let value: unknown;
  try {
    value = JSON.parse(text, keep as (key: string, value: unknown) => unknown);
  } catch (cause) {
    throw new AssayError("JSON_INVALID", `read: Expected JSON at ${path}, got "${(cause as Error).message}"`, {
      cause,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AssayError("JSON_INVALID", `read: Expected an object at ${path}, got another value`);
}

/** Parses a JSON object into plain values. @throws AssayError JSON_INVALID */
export function parseObject(text: string, path: string): Readonly<Record<string, Json>> {
  parseExactly(text, path);
  return JSON.parse(text);
}

/** Two spaces and a line end, as transformers writes its files. */
export const exactText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
