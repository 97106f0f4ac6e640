import type { Json } from "#base";
import type { Environment } from "./environment.ts";

/** Takes secrets out of what is stored or shown. */
export interface Redactor {
  /** Replaces known secrets wherever they stand; changes nothing else, so answers stay what they were. */
  json<Value extends Json>(value: Value): Value;
  /** For error messages and log lines: also replaces what merely looks like a secret, and control characters. */
  message(text: string): string;
}

const mark = "[redacted]";
const secretName = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)S?(_|$)/i;

/** A variable that says where a secret lies, and a value that is a path: keys may begin with a slash, a period or a tilde. */
const pathName = /_(FILE|PATH|DIR|FOLDER)$/i;
const path = /^(~|\.{1,2})\/|^\/.*\.[a-z]{2,5}$/;

/**
 * The values that must not get out: those of variables whose names hold KEY, TOKEN, SECRET or PASSWORD as a word.
 * Shorter values than eight characters and paths are left, since a word that turns up in answers must not be replaced.
 */
export function secretsIn(environment: Environment): readonly string[] {
  const values = Object.entries(environment).filter(([name]) => secretName.test(name) && !pathName.test(name));
  return values.flatMap(([, value]) => (value !== undefined && isSecret(value.trim()) ? [value.trim()] : []));
}

const isSecret = (value: string): boolean => value.length >= 8 && !path.test(value);

/** A redactor for the secrets of an environment. */
export function createRedactor(environment: Environment): Redactor {
  const known = pattern(secretsIn(environment));
  const text = known === undefined ? (value: string) => value : (value: string) => value.replace(known, mark);
  return {
    json: (value) => (known === undefined ? value : (redactJson(value, text) as typeof value)),
    message: (value) => withoutControls(withoutLookalikes(text(value))),
  };
}

/** Matches each secret as it is, percent-encoded and in Base64; longer ones first, since one may begin another. */
function pattern(secrets: readonly string[]): RegExp | undefined {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
  ]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return longestFirst.length === 0 ? undefined : new RegExp(longestFirst.map(escaped).join("|"), "g");
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function redactJson(value: Json, text: (value: string) => string): Json {
  if (typeof value === "string") return text(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, text));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), redactJson(item, text)]));
}

const withoutLookalikes = (value: string): string =>
  value
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${mark}`)
    .replace(/([?&](?:api[-_]?key|key|access_token|token|secret|password|sig)=)[^&\s"'<>]+/gi, `$1${mark}`)
    .replace(/((?:x-)?(?:goog-)?api-key["']?\s*[:=]\s*["']?)[\w.~+/=-]{8,}/gi, `$1${mark}`)
    .replace(/\b(?:sk|pk|gsk|xai|hf|ghp)[-_][\w-]{16,}|\bAIza[\w-]{30,}/g, mark)
    .replace(/(\/\/[^/\s:@]+:)[^/\s@]+@/g, `$1${mark}@`);

/** A provider's text must not move the cursor of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const withoutControls = (value: string): string => value.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
