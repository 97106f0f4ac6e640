/** Text as Python 3 sees it: code points, and its own idea of white space and of words. */

/** JavaScript's `\s` has U+FEFF and lacks U+001C to U+001F and U+0085; Python's has it the other way round. */
const space = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const spaces = new RegExp(`[${space}]+`);
const leadingSpaces = new RegExp(`^[${space}]+`);
const wordsAndMarks = new RegExp(`[\\p{L}\\p{N}_]+|[^${space}\\p{L}\\p{N}_]`, "gu");

/** `text.split()`: what stands between runs of white space. */
export function splitWords(text: string): string[] {
  const words = text.split(spaces);
  if (words[0] === "") words.shift();
  if (words.at(-1) === "") words.pop();
  return words;
}

/** `text.strip()`. */
export const strip = (text: string): string => stripEnd(text.replace(leadingSpaces, ""));

/** `text.rstrip()`. A search for white space before an end takes the square of its length, so it looks from the end. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

/** `re.findall(r"\w+|[^\s\w]", text)`: words, and every other mark by itself. */
export const wordsAndPunctuation = (text: string): string[] => text.match(wordsAndMarks) ?? [];

/** True for the white space of `str.split()`. */
export function isSpace(codePoint: number): boolean {
  if (codePoint < 0x80)
    return codePoint === 0x20 || (codePoint >= 9 && codePoint <= 13) || (codePoint >= 28 && codePoint < 32);
  return codePoint < 0x3001 && spaces.test(String.fromCharCode(codePoint));
}
