/** Patches as sums of a few non-negative parts, as in CRAFT. */
import { type RandomStream, stream } from "#base";
import type { Explainer } from "../explanation.ts";
import { pooledExplainer } from "./pooled.ts";
import { completeOptions, type EmbeddingOptions, prepare } from "./prepare.ts";

/** Settings of the factorisation. */
export interface FactorizationOptions extends EmbeddingOptions {
  readonly concepts: number;
  readonly rounds?: number;
}

/** V ≈ W H, all non-negative. Shapes   W [T, K] · H [K, D] */
export interface Factors {
  readonly parts: Float64Array;
  readonly amounts: Float64Array;
}

/** What is factored. */
export interface FactorProblem {
  /** V [T, D], none negative. */
  readonly values: Float64Array;
  readonly width: number;
  readonly concepts: number;
  readonly rounds: number;
}

const tiny = 1.1920929e-7;

/**
 * Multiplicative updates of the squared error, amounts first.
 *
 *     W ← W ∘ V Hᵀ / W H Hᵀ      H ← H ∘ Wᵀ V / Wᵀ W H
 *
 * Source   Lee & Seung 2001, Algorithms for non-negative matrix factorization; a zero denominator becomes float32's epsilon, as in scikit-learn
 */
export function factorize(
  { values, width, concepts, rounds }: FactorProblem,
  start: Factors,
  keepParts = false,
): Factors {
  const [amounts, parts] = [start.amounts.slice(), start.parts.slice()];
  const rows = values.length / width;
  for (let round = 0; round < rounds; round++) {
    updateAmounts(amounts, { values, parts, width, concepts, rows });
    if (!keepParts) updateParts(parts, { values, amounts, width, concepts, rows });
  }
  return { parts, amounts };
}

interface Sizes {
  readonly values: Float64Array;
  readonly width: number;
  readonly concepts: number;
  readonly rows: number;
}

function updateAmounts(
  amounts: Float64Array,
  { values, parts, width, concepts, rows }: Sizes & { parts: Float64Array },
): void {
  const gram = gramOf(parts, concepts, width);
  const fresh = new Float64Array(concepts);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < concepts; k++) {
      let [above, below] = [0, 0];
      for (let i = 0; i < width; i++) above += values[row * width + i]! * parts[k * width + i]!;
      for (let other = 0; other < concepts; other++)
        below += amounts[row * concepts + other]! * gram[other * concepts + k]!;
      fresh[k] = amounts[row * concepts + k]! * (above / (below === 0 ? tiny : below));
    }
    amounts.set(fresh, row * concepts);
  }
}

function updateParts(
  parts: Float64Array,
  { values, amounts, width, concepts, rows }: Sizes & { amounts: Float64Array },
): void {
  const gram = new Float64Array(concepts * concepts);
  const above = new Float64Array(concepts * width);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < concepts; k++) {
      const amount = amounts[row * concepts + k]!;
      if (amount === 0) continue;
      for (let other = 0; other < concepts; other++)
        gram[k * concepts + other]! += amount * amounts[row * concepts + other]!;
      for (let i = 0; i < width; i++) above[k * width + i]! += amount * values[row * width + i]!;
    }
  }
  const old = parts.slice();
  for (let k = 0; k < concepts; k++) {
    for (let i = 0; i < width; i++) {
      let below = 0;
      for (let other = 0; other < concepts; other++) below += gram[k * concepts + other]! * old[other * width + i]!;
      parts[k * width + i]! *= above[k * width + i]! / (below === 0 ? tiny : below);
    }
  }
}

/** H Hᵀ */
function gramOf(parts: Float64Array, concepts: number, width: number): Float64Array {
  const gram = new Float64Array(concepts * concepts);
  for (let a = 0; a < concepts; a++) {
    for (let b = 0; b <= a; b++) {
      let dot = 0;
      for (let i = 0; i < width; i++) dot += parts[a * width + i]! * parts[b * width + i]!;
      gram[a * concepts + b] = dot;
      gram[b * concepts + a] = dot;
    }
  }
  return gram;
}

/** Positive and negative sides of each dimension, side by side: nothing is lost, nothing is below zero. */
function bothSides(rows: Float64Array, d: number): Float64Array {
  const values = new Float64Array(rows.length * 2);
  for (const [at, value] of rows.entries()) {
    const place = Math.floor(at / d) * 2 * d + (at % d);
    values[value > 0 ? place : place + d] = Math.abs(value);
  }
  return values;
}

/** Parts of signed rows, learnt from a sample. */
export interface Bank {
  /** H [K, 2 d] */
  readonly parts: Float64Array;
  readonly d: number;
  readonly concepts: number;
  readonly rounds: number;
  /** What every amount begins with. */
  readonly scale: number;
}

/** Learns K parts of rows. Shapes   rows [T, d] */
export function learnBank(
  rows: Float64Array,
  { d, concepts, rounds, random }: Pick<Bank, "d" | "concepts" | "rounds"> & { readonly random: RandomStream },
): Bank {
  const width = 2 * d;
  const values = bothSides(rows, d);
  const scale = Math.sqrt(values.reduce((sum, value) => sum + value, 0) / values.length / concepts);
  const draw = (length: number) => Float64Array.from({ length }, () => scale * Math.abs(random.normal()));
  const start = { parts: draw(concepts * width), amounts: draw((values.length / width) * concepts) };
  const { parts } = factorize({ values, width, concepts, rounds }, start);
  return { parts, d, concepts, rounds, scale };
}

/** How much of each part is in each row. Shapes   rows [J, d] → [J, K] */
export function bankAmounts({ parts, d, concepts, rounds, scale }: Bank, rows: Float64Array): Float64Array {
  const even = { parts, amounts: new Float64Array((rows.length / d) * concepts).fill(scale) };
  return factorize({ values: bothSides(rows, d), width: 2 * d, concepts, rounds }, even, true).amounts;
}

/**
 * Concepts as non-negative parts of all classes at once: a patch has amounts of them, an image their mean.
 *
 * Deviation: CRAFT factors activations after a rectifier, class by class and again within concepts; a ViT's hidden states are
 * signed, so both sides of each direction are factored, once, for all classes. By class: `classFactorizationExplainer`.
 *
 * Source   Fel et al. 2023, CRAFT, §3.1
 */
export function factorizationExplainer({ concepts, rounds = 60, ...options }: FactorizationOptions): Explainer {
  const shared = { ...completeOptions(options, "pca"), patches: options.patches ?? 4000 };
  const about = { name: "NMF", level: "partial", settings: { concepts, rounds, ...shared } as never } as const;
  return {
    ...about,
    async fit(source) {
      const { projection, sample } = await prepare(source, shared);
      const random = stream(shared.seed, "concepts/factorization");
      const bank = learnBank(sample.rows, { d: projection.d, concepts, rounds, random });
      const parts = { model: source.model, projection, weights: shared.weights, showsPatches: true };
      return pooledExplainer({ ...about, ...parts, size: concepts, score: (rows) => bankAmounts(bank, rows) });
    },
  };
}
