import { AssayError } from "#base";

/**
 * Refuses a JSON text in which an object names the same key twice: JSON.parse would keep the last and say nothing.
 *
 * @param text must have passed JSON.parse: then quotes, brackets and colons alone tell where the keys are
 * @throws AssayError DUPLICATE_KEY
 */
export function refuseDuplicateKeys(text: string, who: string): void {
  const open: (Set<string> | null)[] = []; // one set of keys for each open object, null for an array
  let quoted = ""; // the latest string: a key if a colon follows
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "{") open.push(new Set());
    else if (sign === "[") open.push(null);
    else if (sign === "}" || sign === "]") open.pop();
    else if (sign === ":") addKey(open.at(-1), quoted, who);
    else if (sign === '"') {
      const end = endOfString(text, at);
      quoted = text.slice(at, end);
      at = end - 1;
    }
  }
}

/** A regular expression would overflow the stack on a string of megabytes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

function addKey(keys: Set<string> | null | undefined, quoted: string, who: string): void {
  const key = JSON.parse(quoted) as string; // "a" and "\u0061" are one key
  if (keys?.has(key)) throw new AssayError("DUPLICATE_KEY", `${who}: Expected each name once, got "${key}" twice`);
  keys?.add(key);
}
