import { startOfSpaces } from "./white-space.ts";

/** A token that is found in the text before anything else is done to it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special?: boolean;
  /** Looked for after normalisation, normalised itself. */
  readonly normalized?: boolean;
  /** Not inside a longer word. */
  readonly single_word?: boolean;
  /** Takes the white space on its left, or right, with it. */
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
}

/** A stretch of text: an added token, or what lies between two of them. */
export interface Section {
  readonly start: number;
  readonly end: number;
  readonly added?: AddedToken;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
const word = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
const spacesAfter = /\p{White_Space}*/uy;

/** Finds added tokens in a text: leftmost first, of several at one place the longest. */
export class AddedTokenFinder {
  readonly #tokens: ReadonlyMap<string, AddedToken>;
  readonly #pattern: RegExp | null;

  /** @param tokens as the text spells them, which is not their own content when they are normalised */
  constructor(tokens: ReadonlyMap<string, AddedToken>) {
    this.#tokens = tokens;
    const contents = [...tokens.keys()].filter((content) => content !== "").sort((a, b) => b.length - a.length);
    this.#pattern = contents.length === 0 ? null : new RegExp(contents.map(escaped).join("|"), "gu");
  }

  /** The text from end to end, in sections; empty ones are left out. */
  split(text: string): Section[] {
    if (this.#pattern === null) return text === "" ? [] : [{ start: 0, end: text.length }];
    const sections: Section[] = [];
    let cursor = 0;
    for (const match of text.matchAll(this.#pattern)) {
      const added = this.#tokens.get(match[0])!;
      const end = match.index + match[0].length;
      if (match.index < cursor || (added.single_word && isInsideWord(text, match.index, end))) continue;
      const from = added.lstrip ? Math.max(cursor, startOfSpaces(text, match.index)) : match.index;
      const to = added.rstrip ? afterSpaces(text, end) : end;
      if (from > cursor) sections.push({ start: cursor, end: from });
      sections.push({ start: from, end: to, added });
      cursor = to;
    }
    if (cursor < text.length) sections.push({ start: cursor, end: text.length });
    return sections;
  }
}

function isInsideWord(text: string, start: number, end: number): boolean {
  const before = [...text.slice(Math.max(0, start - 2), start)].at(-1);
  const after = text.codePointAt(end);
  return (before !== undefined && word.test(before)) || (after !== undefined && word.test(String.fromCodePoint(after)));
}

function afterSpaces(text: string, at: number): number {
  spacesAfter.lastIndex = at;
  return at + spacesAfter.exec(text)![0].length;
}
