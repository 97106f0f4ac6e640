/**
 * GPT-2's letters for bytes: printable Latin-1 stands for itself, the other 68 bytes for U+0100 onward.
 *
 * Source   Radford et al. 2019, released code, encoder.py, `bytes_to_unicode`
 */
export const letterOfByte: readonly string[] = lettersOfBytes();

function lettersOfBytes(): string[] {
  let next = 0x100;
  const isPrintable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

/** The byte that each letter stands for. */
export const byteOfLetter: ReadonlyMap<string, number> = new Map(letterOfByte.map((letter, byte) => [letter, byte]));

const remembered = new Map<string, string>();
const mostRemembered = 2 ** 16;

/** The letters for a text's UTF-8. */
export function lettersOfText(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  let letters = "";
  for (const byte of Buffer.from(text)) letters += letterOfByte[byte];
  if (remembered.size >= mostRemembered) remembered.clear();
  if (text.length <= 32) remembered.set(text, letters);
  return letters;
}

/** Letters back to the text whose UTF-8 they spell, or undefined when one of them is no letter for a byte. */
export function textOfLetters(letters: string): string | undefined {
  const bytes = Array.from(letters, (letter) => byteOfLetter.get(letter));
  return bytes.includes(undefined) ? undefined : Buffer.from(bytes as number[]).toString("utf8");
}

/** How many bytes of UTF-8 a code point takes. */
export const utf8Length = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
