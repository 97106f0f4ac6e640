/** A part of the normalised text and its piece; `unknown` ones have no piece of their own. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly id: number;
}

/** Cuts a normalised text into pieces. */
export type Segmenter = (text: string) => Segment[];

/** Units of the character at `at`. */
export const characterLength = (text: string, at: number): number => (text.codePointAt(at)! > 0xffff ? 2 : 1);
