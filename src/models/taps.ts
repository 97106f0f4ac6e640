/**
 * The names of a language model's activations, the same for every family.
 *
 * Axes     B batch · T tokens · S keys that a query may see (T in a whole text) · C hidden size · H heads · Hk heads of
 *          keys and values · D head size · I intermediate size · V vocabulary
 */

/** What each tap of a block holds, in the order in which a block computes them, with its shape. */
export const blockTaps = {
  "attention.input": { shape: "[B, T, C]", meaning: "what attention reads: the normalised residual" },
  "attention.query": { shape: "[B, H, T, D]", meaning: "queries as they meet the keys, turned by their positions" },
  "attention.key": { shape: "[B, Hk, T, D]", meaning: "keys, turned by their positions" },
  "attention.value": { shape: "[B, Hk, T, D]", meaning: "values" },
  "attention.pattern": {
    shape: "[B, H, T, S]",
    meaning: "how much each query takes from each key; rows add up to one",
  },
  "attention.heads": { shape: "[B, H, T, D]", meaning: "what each head gathered" },
  "attention.output": { shape: "[B, T, C]", meaning: "what attention adds to the residual" },
  middle: { shape: "[B, T, C]", meaning: "the residual between the sublayers; none where they stand side by side" },
  "mlp.input": { shape: "[B, T, C]", meaning: "what the MLP reads: the normalised residual" },
  "mlp.coefficients": { shape: "[B, T, I]", meaning: "what multiplies the value vectors, the rows of the down map" },
  "mlp.output": { shape: "[B, T, C]", meaning: "what the MLP adds to the residual" },
  residual: { shape: "[B, T, C]", meaning: "the residual that leaves the block" },
} as const;

/** What each tap outside the blocks holds, with its shape. */
export const modelTaps = {
  embedding: { shape: "[B, T, C]", meaning: "the residual that enters the first block" },
  finalNorm: { shape: "[B, T, C]", meaning: "the residual after the last normalisation" },
  logits: { shape: "[B, T, V]", meaning: "unnormalised scores of the next token" },
} as const;

/** The name of an activation inside a block: `mlp.coefficients`, `residual` … */
export type BlockTap = keyof typeof blockTaps;

/** The name of an activation of a language model: `embedding`, `blocks.3.mlp.coefficients`, `logits` … */
export type TapName = keyof typeof modelTaps | `blocks.${number}.${BlockTap}`;

/** The tap of one block: `blockTap(3, "residual")` is `blocks.3.residual`. */
export const blockTap = (layer: number, name: BlockTap): TapName => `blocks.${layer}.${name}`;

/** The block that a tap lies in and its name there; undefined outside the blocks. */
export function splitTap(name: string): { readonly layer: number; readonly name: string } | undefined {
  const [, layer, rest] = /^blocks\.(\d+)\.(.+)$/.exec(name) ?? [];
  return layer === undefined || rest === undefined ? undefined : { layer: Number(layer), name: rest };
}
