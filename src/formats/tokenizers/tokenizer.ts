/** How a text is encoded. */
export interface EncodeOptions {
  /** Adds the tokens that the model expects around a text (`<s>`, `[CLS]` …). Default true, as in Python. */
  readonly special?: boolean;
}

/** How tokens become text again. */
export interface DecodeOptions {
  /** Leaves special tokens out. Default false. */
  readonly skipSpecial?: boolean;
}

/** One token and the characters of the text that it stands for: `text.slice(start, end)`. */
export interface TokenSpan {
  readonly id: number;
  readonly token: string;
  /** In UTF-16 units, as JavaScript counts; equal to `end` for a token that no character made. */
  readonly start: number;
  /** A character that is spread over several tokens belongs to each of them whole. */
  readonly end: number;
}

/** The numbers of the tokens with a meaning of their own, where the tokenizer has them. */
export interface SpecialTokens {
  readonly begin?: number;
  readonly end?: number;
  readonly unknown?: number;
  readonly padding?: number;
  readonly separator?: number;
  readonly classification?: number;
  readonly mask?: number;
  /** Every special token, named above or not. */
  readonly all: ReadonlySet<number>;
}

/** Text to token numbers and back, whatever file it was read from. */
export interface Tokenizer {
  /** The highest token number plus one: the rows that an embedding must have at least. */
  readonly vocabularySize: number;
  readonly specials: SpecialTokens;
  encode(text: string, options?: EncodeOptions): number[];
  /** The same tokens with the characters that each stands for. */
  spans(text: string, options?: EncodeOptions): TokenSpan[];
  decode(ids: Iterable<number>, options?: DecodeOptions): string;
  tokenOf(id: number): string | undefined;
  idOf(token: string): number | undefined;
}
