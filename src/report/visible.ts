// What steers a terminal, turns the direction of a line, or cannot be seen at all. Joiners and the plain direction
// marks stay: emoji, Persian and Hebrew need them.
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/**
 * A text that hides nothing: control characters, direction overrides, invisible characters and lone surrogates become
 * signs that can be seen (`␛`, `⟨U+202E⟩`). Line breaks and tabs stay.
 */
export const visible = (text: string): string => text.replaceAll("\r\n", "\n").replace(controls, sign);

/** The same on one line, for names and cells: line breaks and tabs become signs too. */
export const visibleLine = (text: string): string => visible(text).replaceAll("\n", "␊").replaceAll("\t", "␉");

function sign(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
