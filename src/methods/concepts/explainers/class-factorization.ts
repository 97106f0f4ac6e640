/** CRAFT's own way: a bank of parts for each class, learnt from the pictures that the model gives this class. */
import { AssayError, type RandomStream, stream } from "#base";
import { batchesOf } from "../batch.ts";
import type { WeightedRows } from "../clusters.ts";
import type { EmbeddingSource } from "../embedded-image.ts";
import type { Explainer } from "../explanation.ts";
import { type Projection, patchMoments, projectionOf } from "../projection.ts";
import type { WeightOptions } from "../weights.ts";
import { type Bank, bankAmounts, type FactorizationOptions, learnBank } from "./factorization.ts";
import { pooledExplainer } from "./pooled.ts";
import { completeOptions } from "./prepare.ts";

/**
 * Concepts as non-negative parts of one class each, K of them shared out among the classes that the model gives, all banks
 * side by side: θ says how much of every class's concepts is in an image, whichever class it has, and so has one meaning.
 *
 *     θ = [W₁; W₂; …],  V ≈ W_n H_n with H_n learnt from images of class n alone
 *
 * Deviation: CRAFT factors activations after a rectifier, of random crops, and again within concepts; here patches are the
 * crops, both sides of each signed direction are factored, and concepts are not split further. An image is read with the
 * banks of all classes, where CRAFT reads it with that of its own, whose number would tell the class.
 *
 * Source   Fel et al. 2023, CRAFT, §3.1
 */
export function classFactorizationExplainer({ concepts, rounds = 60, ...options }: FactorizationOptions): Explainer {
  const shared = { ...completeOptions(options, "pca"), patches: options.patches ?? 4000 };
  const about = { name: "CRAFT", level: "partial", settings: { concepts, rounds, ...shared } as never } as const;
  return {
    ...about,
    async fit(source) {
      const d = Math.min(shared.dimensions, source.width);
      const random = stream(shared.seed, "concepts/projection");
      const projection = projectionOf(await patchMoments(source), { kind: shared.projection, d, random });
      const samples = await samplePatchesByClass(source, { ...shared, projection });
      const each = Math.max(1, Math.floor(concepts / samples.length));
      const draws = stream(shared.seed, "concepts/class-factorization");
      const banks = samples.map(({ rows }) =>
        learnBank(rows, { d: projection.d, concepts: each, rounds, random: draws }),
      );
      const parts = { model: source.model, projection, weights: shared.weights, showsPatches: true };
      const score = (rows: Float64Array) => sideBySide(banks, rows);
      return pooledExplainer({ ...about, ...parts, size: each * banks.length, score });
    },
  };
}

interface Sampling {
  readonly projection: Projection;
  readonly weights: WeightOptions;
  /** The most patches of one class. */
  readonly patches: number;
  readonly seed: number;
}

/** A sample of the patches of each class that some image has, classes in their order. @throws AssayError LABELS_MISSING */
async function samplePatchesByClass(
  source: EmbeddingSource,
  { projection, weights, patches: count, seed }: Sampling,
): Promise<WeightedRows[]> {
  const { d } = projection;
  const found = new Map<number, Reservoir>();
  for await (const batch of batchesOf(source, { projection, weights })) {
    for (const [image, { id, label }] of batch.images.entries()) {
      if (label === undefined) throw labelMissing(source.name, id);
      const own = found.get(label) ?? new Reservoir(d, count, stream(seed, `concepts/class/${label}`));
      found.set(label, own);
      for (let j = batch.starts[image]!; j < batch.starts[image + 1]!; j++) {
        own.offer(batch.rows.subarray(j * d, (j + 1) * d), batch.weights[j]!);
      }
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, own]) => own.sample());
}

function labelMissing(name: string, id: string): AssayError {
  const claim = `Expected the model's answer for every image of ${name}, got none for ${id}`;
  return new AssayError("LABELS_MISSING", `CRAFT: ${claim}; it learns from each class alone`);
}

/** Rows of which each that was offered is kept with equal chance. Source   Vitter 1985, algorithm R */
class Reservoir {
  readonly #rows: Float64Array;
  readonly #weights: Float64Array;
  readonly #d: number;
  readonly #random: RandomStream;
  #seen = 0;

  constructor(d: number, count: number, random: RandomStream) {
    this.#d = d;
    this.#rows = new Float64Array(count * d);
    this.#weights = new Float64Array(count);
    this.#random = random;
  }

  offer(row: Float64Array, weight: number): void {
    const count = this.#weights.length;
    const place = this.#seen < count ? this.#seen : this.#random.int(this.#seen + 1);
    this.#seen++;
    if (place >= count) return;
    this.#rows.set(row, place * this.#d);
    this.#weights[place] = weight;
  }

  sample(): WeightedRows {
    const found = Math.min(this.#seen, this.#weights.length);
    return { rows: this.#rows.subarray(0, found * this.#d), weights: this.#weights.subarray(0, found), d: this.#d };
  }
}

/** Amounts of every bank's parts. Shapes   rows [J, d] → [J, banks × K] */
function sideBySide(banks: readonly Bank[], rows: Float64Array): Float64Array {
  const amounts = banks.map((bank) => bankAmounts(bank, rows));
  const each = banks[0]!.concepts;
  const [patches, width] = [amounts[0]!.length / each, each * banks.length];
  const joined = new Float64Array(patches * width);
  for (const [at, own] of amounts.entries()) {
    for (let j = 0; j < patches; j++) joined.set(own.subarray(j * each, (j + 1) * each), j * width + at * each);
  }
  return joined;
}
