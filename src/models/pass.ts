import { range, type Value } from "#engine";

/** Keys and values of earlier tokens, [B, Hk, P, D] each: a token's place in its text is its place here. */
export interface KeysAndValues {
  readonly key: Value;
  readonly value: Value;
}

/** What earlier passes left behind. */
export interface Past {
  /** How many of the P places of each text are filled, int64 [B]; all of them when left out. */
  readonly lengths?: Value | undefined;
  readonly blocks: readonly KeysAndValues[];
}

/** What a decoder knows of its tokens besides their ids. */
export interface Pass {
  /** The place of each token in its text: int64 [T], or [B, T] where texts differ. */
  readonly positions: Value;
  readonly past?: Past | undefined;
  /** One token of each text, int64 [B], whose logits are wanted; all when left out. */
  readonly last?: Value | undefined;
  /** The text of each token, int64 [B, T], where several stand in one row; a token sees its own text alone. */
  readonly segments?: Value | undefined;
  /** Which of the places of the past and of these tokens are looked at, int64 [B, P + T], 1 or 0; where the past is filled. */
  readonly mask?: Value | undefined;
}

/** A pass over texts from their first token on; shorter ones are filled up at the end, which nothing before it sees. */
export function wholeTexts(inputIds: Value): Pass {
  return { positions: range(inputIds.shape[1]!) };
}

/** What a block is told besides its weights. */
export interface BlockContext<Config> {
  readonly config: Config;
  readonly pass: Pass;
  /** Which block of the model this is, counted from zero. */
  readonly layer: number;
}
