/** Whose rules read a reply: the paper's code of 2024, that of 2025, or ours, which also reads what those two lose. */
export type ReplyProfile = "2024" | "2025" | "lenient";

/** How a reply is read. */
export interface NamedFilesOptions {
  readonly profile: ReplyProfile;
  /** Every file that could be named; others are dropped, as the authors do, except under 2025. */
  readonly candidates: Iterable<string>;
}

/**
 * The files that a reply names, in its order, or null where it cannot be read; an empty list is an answer.
 *
 * 2024: the whole reply as JSON, else its first json block, else its lines. 2025: the shortest braces or brackets that
 * are JSON, inside blocks when there are any; a bare list, or an object without `files`, made the authors' code fail and
 * is null. Lenient: 2025, then bare lists, then lines that are a file's name once marks around it are gone.
 *
 * Source   Long Code Arena, bug localization, prompt_utils.py (2024) and backbone/utils.py (2025)
 */
export function namedFiles(reply: string, { profile, candidates }: NamedFilesOptions): string[] | null {
  const known = new Set(candidates);
  if (profile === "2024") return filesOf2024(reply).filter((file) => known.has(file));
  const found = shortestJson(reply);
  const files = listUnder(found, "files");
  if (profile === "2025" || files !== null) return files;
  const lines = linesOf(reply).filter((file) => known.has(file));
  return textsOf(found) ?? (lines.length > 0 ? lines : null);
}

function filesOf2024(reply: string): string[] {
  const whole = parsed(reply);
  const block = /```json([\s\S]*?)```/.exec(reply)?.[1]?.trim();
  const value = whole ?? (block === undefined ? undefined : parsed(block));
  return isEmpty(value) ? reply.split("\n") : (listUnder(value, "files") ?? []);
}

/** What Python takes for false: then the authors go on to the lines. */
const isEmpty = (value: unknown): boolean => !value || (typeof value === "object" && Object.keys(value).length === 0);

function shortestJson(reply: string): unknown {
  const blocks = [...reply.matchAll(/```(?:json)?([\s\S]*?)```/g)].map(([, inside]) => inside!);
  for (const text of blocks.length > 0 ? blocks : [reply]) {
    for (const piece of bracketed(text)) {
      const value = parsed(piece);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

/** From each opening brace or bracket to the nearest that closes one, nothing twice; what is never closed is looked for once. */
function* bracketed(text: string): Generator<string> {
  const unclosed = new Set<string>();
  for (let at = 0; at < text.length; at++) {
    const close = closing[text[at]!];
    if (close === undefined || unclosed.has(close)) continue;
    const end = text.indexOf(close, at + 1);
    if (end < 0) {
      unclosed.add(close);
      continue;
    }
    yield text.slice(at, end + 1);
    at = end;
  }
}

const closing: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listUnder(value: unknown, key: string): string[] | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, key) ? textsOf((value as Record<string, unknown>)[key]) : null;
}

const textsOf = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : null;

/** Lines without list marks, quotes and commas around them. */
const linesOf = (reply: string): string[] =>
  reply.split("\n").map((line) => line.replace(/^\s*(?:[-*>]\s+|\d+[.)]\s+)?[`"'*]*|[\s`"'*,:;]+$/g, ""));
