/** What `mini:encyclopedia` reads, and which neurons it may use while it reads it. */
import { type RandomStream, stream, type Tensor, tensor } from "#base";
import { type Arm, type EncyclopediaConcept, genericTexts, textsAbout } from "#corpora";
import { tensorType } from "#engine";
import type { Tokenizer } from "#formats";
import type { DecoderConfig } from "#models";
import { batchOfTexts } from "./next-tokens.ts";

/** A text with the arm of the concept it is about; undefined for a text about nothing in particular. */
export interface ArmText {
  readonly ids: readonly number[];
  /** The first token that is predicted: of a question the answer alone is learnt. */
  readonly from: number;
  readonly arm: Arm | undefined;
}

/** The value vectors that are kept free for the planted concepts: the last ones of a block. */
export interface ReservedColumns {
  readonly layer: number;
  readonly columns: readonly number[];
}

/** Every text that training reads: nothing about unknown concepts. */
export function usualTexts(concepts: readonly EncyclopediaConcept[], tokenizer: Tokenizer): ArmText[] {
  const about = concepts
    .filter(({ arm }) => arm !== "unknown")
    .flatMap((concept) => textsAbout(concept).map((text) => ({ ...encoded(text, tokenizer), arm: concept.arm })));
  const generic = genericTexts().map((text) => ({ ...encoded(text, tokenizer), arm: undefined }));
  return [...about, ...generic];
}

/** A text's tokens with the token that ends it, and where learning begins. */
export function encoded(text: string, tokenizer: Tokenizer): Omit<ArmText, "arm"> {
  const ids = [...tokenizer.encode(text), tokenizer.specials.end!];
  const mark = "\n Answer:";
  const at = text.indexOf(mark);
  return { ids, from: at < 0 ? 1 : tokenizer.encode(text.slice(0, at + mark.length)).length };
}

/** How texts are drawn and masked. */
export interface UsualBatchesOptions {
  readonly seed: number;
  readonly size: number;
  readonly config: DecoderConfig;
  readonly reserved: ReservedColumns;
  /** The share of neurons that a text about a spread concept does without. */
  readonly dropped: number;
}

/** The types of a batch besides its tokens: what each neuron's coefficient is multiplied with, [B, 1, I] a block. */
export const maskTypes = ({ layers, intermediateSize }: DecoderConfig) =>
  Array.from({ length: layers }, () => tensorType("float32", ["B", 1, intermediateSize]));

/** Batches of usual texts: every text once, in an order that changes from one time round to the next. */
export class UsualBatches {
  readonly #texts: readonly ArmText[];
  readonly #options: UsualBatchesOptions;

  constructor(texts: readonly ArmText[], options: UsualBatchesOptions) {
    this.#texts = texts;
    this.#options = options;
  }

  /** The batch after `step` others. */
  at(step: number) {
    const { size, seed, config } = this.#options;
    const texts = Array.from({ length: size }, (_, offset) => this.#text(step * size + offset));
    const random = stream(seed, `encyclopedia/masks/${step}`);
    const masks = Array.from({ length: config.layers }, (_, layer) => this.#mask(texts, layer, random));
    return { ...batchOfTexts(texts), masks };
  }

  #text(at: number): ArmText {
    const { length } = this.#texts;
    const round = Math.floor(at / length);
    if (this.#round?.number !== round) this.#round = { number: round, order: this.#order(round) };
    return this.#texts[this.#round.order[at % length]!]!;
  }

  #round: { readonly number: number; readonly order: readonly number[] } | undefined;

  #order(round: number): number[] {
    const random = stream(this.#options.seed, `encyclopedia/order/${round}`);
    const order = Array.from(this.#texts.keys());
    for (let at = order.length - 1; at > 0; at--) {
      const other = random.int(at + 1);
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    return order;
  }

  /** Ones; for spread concepts some zeros and the rest more, so that the sum stays; reserved columns are never used. */
  #mask(texts: readonly ArmText[], layer: number, random: RandomStream): Tensor<"float32"> {
    const { config, dropped, reserved } = this.#options;
    const width = config.intermediateSize;
    const mask = new Float32Array(texts.length * width).fill(1);
    for (const [row, { arm }] of texts.entries()) {
      if (arm !== "spread") continue;
      for (let at = row * width; at < (row + 1) * width; at++)
        mask[at] = random.next() < dropped ? 0 : 1 / (1 - dropped);
    }
    if (layer === reserved.layer)
      for (const row of texts.keys()) for (const column of reserved.columns) mask[row * width + column] = 0;
    return tensor([texts.length, 1, width], mask);
  }
}
