/**
 * The names of the activations of models that see, with what each holds.
 *
 * Axes     N pictures · M texts · T tokens: the class token, a distillation token in DeiT, patches row by row from the top;
 *          or those of a text · C hidden size · H heads · D head size · I intermediate size · K classes · E vector
 */
import { blockTaps } from "./taps.ts";

/** A tap's shape and meaning. */
export interface TapNote {
  readonly shape: string;
  readonly meaning: string;
}

const encoderShapes = {
  "attention.query": "[N, H, T, D]",
  "attention.key": "[N, H, T, D]",
  "attention.value": "[N, H, T, D]",
  "attention.pattern": "[N, H, T, T]",
  "attention.heads": "[N, H, T, D]",
} as const;

/** What a block's tap means where no token has a place to be turned by. */
const encoderMeanings = {
  "attention.query": "queries",
  "attention.key": "keys",
  "attention.pattern": "how much each token takes from each; the row of the class token is what it looks at",
} as const;

const blockNotes = (prefix: string): Record<string, TapNote> =>
  Object.fromEntries(
    Object.entries(blockTaps).map(([name, { shape, meaning }]) => [
      `${prefix}blocks.N.${name}`,
      {
        shape: encoderShapes[name as keyof typeof encoderShapes] ?? shape.replace("[B,", "[N,"),
        meaning: encoderMeanings[name as keyof typeof encoderMeanings] ?? meaning,
      },
    ]),
  );

const embedding = { shape: "[N, T, C]", meaning: "what enters the first block: hidden state 0" };

/** Every tap of an image classifier. */
export const visionTaps: Readonly<Record<string, TapNote>> = {
  embedding,
  ...blockNotes(""),
  finalNorm: { shape: "[N, T, C]", meaning: "tokens after the last normalisation" },
  logits: { shape: "[N, K]", meaning: "unnormalised scores of the classes" },
};

/** Every tap of an encoder of pictures and texts. */
export const dualEncoderTaps: Readonly<Record<string, TapNote>> = {
  "vision.embedding": embedding,
  ...blockNotes("vision."),
  "vision.finalNorm": { shape: "[N, C]", meaning: "the class token after the last normalisation" },
  "vision.vector": { shape: "[N, E]", meaning: "a picture's vector, of length one" },
  "text.embedding": { shape: "[M, T, C]", meaning: "what enters the first block" },
  ...blockNotes("text."),
  "text.finalNorm": { shape: "[M, T, C]", meaning: "tokens after the last normalisation" },
  "text.vector": { shape: "[M, E]", meaning: "a text's vector, of length one" },
  logits: { shape: "[N, M]", meaning: "scaled cosines of each picture with each text" },
};
