import { createHash } from "node:crypto";
import { AssayError } from "./errors.ts";

/** A value that survives JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with sorted keys and no spaces, so that equal values have equal text; keys whose value is undefined are left out.
 *
 * @throws AssayError NOT_JSON for NaN, infinities, functions and other values that JSON would change silently
 */
export function canonicalJson(value: unknown, path = "$"): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${Array.from(value, (item, at) => canonicalJson(item, `${path}[${at}]`)).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item, `${path}.${key}`)}`).join(",")}}`;
  }
  throw new AssayError("NOT_JSON", `canonicalJson: Expected a JSON value at ${path}, got ${String(value)}`);
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** SHA-256 of bytes or text, in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a value's canonical JSON: equal values, equal hashes. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
