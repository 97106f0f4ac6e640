import { stream } from "#base";
import type { EncodedExample } from "./examples.ts";
import { countTargets } from "./next-tokens.ts";
import { packExamples } from "./packing.ts";

/** Rows of one batch, and what its mean loss counts for in its step. */
export interface RowBatch {
  readonly rows: readonly (readonly EncodedExample[])[];
  readonly share: number;
}

/** How rows become batches. */
export interface RowBatchesOptions {
  readonly seed: number;
  /** Rows of a batch. */
  readonly size: number;
  readonly batchesPerStep: number;
  /** Tokens of a row; examples share rows when it is set. */
  readonly pack: number | undefined;
}

/** The batches of any step, which depend on nothing but its number: each epoch has every row once, in an order of its own. */
export class RowBatches {
  readonly #rows: readonly (readonly EncodedExample[])[];
  readonly #options: RowBatchesOptions;
  #epoch = -1;
  #order: readonly number[] = [];

  constructor(examples: readonly EncodedExample[], options: RowBatchesOptions) {
    const shuffled = stream(options.seed, "finetune/rows").shuffle(examples);
    const { pack } = options;
    this.#rows = pack === undefined ? shuffled.map((one) => [one]) : packExamples(shuffled, { length: pack });
    this.#options = options;
  }

  /** How many rows there are. */
  get rows(): number {
    return this.#rows.length;
  }

  /** Steps that go through every row once; the last may begin the next epoch. */
  get stepsOfEpoch(): number {
    return Math.ceil(this.rows / (this.#options.size * this.#options.batchesPerStep));
  }

  /** One batch of a step. */
  at(step: number, part: number): RowBatch {
    const { size, batchesPerStep } = this.#options;
    const first = step * size * batchesPerStep;
    const batches = Array.from({ length: batchesPerStep }, (_, batch) =>
      Array.from({ length: size }, (_, row) => this.#rows[this.#rowAt(first + batch * size + row)]!),
    );
    const total = countTargets(batches.flat());
    const rows = batches[part]!;
    return { rows, share: (countTargets(rows) * batchesPerStep) / total };
  }

  #rowAt(place: number): number {
    const epoch = Math.floor(place / this.rows);
    if (epoch !== this.#epoch) this.#order = this.#orderOf(epoch);
    this.#epoch = epoch;
    return this.#order[place % this.rows]!;
  }

  #orderOf(epoch: number): number[] {
    return stream(this.#options.seed, `finetune/epoch/${epoch}`).shuffle(this.#rows.keys());
  }
}
