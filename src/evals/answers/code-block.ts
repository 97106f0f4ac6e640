import { strip } from "../python-text.ts";

/** Where code stands in an answer, the likeliest first; the closing mark may be missing. */
const fences: readonly (readonly [string, string])[] = [
  ["```python", "```"],
  ["```", "```"],
  ["<code>", "</code>"],
];

/**
 * The code of an answer: its first Python block, else its first block, else its `<code>` element, else all of it; trimmed.
 *
 * Of a block without the word `python` the tag of any other language stays in, as in the reference.
 *
 * Source   Long Code Arena, library-based code generation, answer extraction
 */
export function codeBlock(answer: string): string {
  for (const [open, close] of fences) {
    const start = answer.indexOf(open);
    if (start < 0) continue;
    const code = answer.slice(start + open.length);
    const end = code.indexOf(close);
    return strip(end < 0 ? code : code.slice(0, end));
  }
  return strip(answer);
}
