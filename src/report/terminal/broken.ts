import stringWidth from "string-width";

/** The widest word of a text, in cells of a terminal. */
export const longestWord = (text: string): number => Math.max(...text.split(" ").map((word) => stringWidth(word)));

/** The widest of some texts, in cells of a terminal. */
export const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);

/** Lines after the first stand a little to the right where there is room for it. */
const [hanging, leastToHang] = ["  ", 10];

/**
 * A text on lines no wider than `width`: broken between words, and within a word that is wider than a line, but never
 * within a character. A wide character needs a width of two.
 */
export function brokenLines(
  text: string,
  { width, hangs = false }: { readonly width: number; readonly hangs?: boolean },
): string[] {
  if (stringWidth(text) <= width) return [text];
  const indent = hangs && width >= leastToHang ? hanging : "";
  const lines: string[] = [];
  let line = "";
  const fits = (longer: string): boolean => stringWidth(longer) <= (lines.length === 0 ? width : width - indent.length);
  const end = (): void => {
    if (line !== "") lines.push(lines.length === 0 ? line : indent + line);
    line = "";
  };
  const append = (character: string): void => {
    if (!fits(line + character)) end();
    line += character;
  };
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    end();
    charactersOf(word).forEach(append);
  }
  end();
  return lines;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a reader takes for one character: a letter with its accents, a family of emoji. */
const charactersOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
