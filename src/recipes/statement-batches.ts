/** The atlas's statements as tokens, in the batches of an epoch. */
import { stream } from "#base";
import type { AtlasStatement } from "#corpora";
import type { Tokenizer } from "#formats";

/** A statement as tokens; those from `from` on are its answer and the end. */
export interface EncodedStatement {
  readonly statement: AtlasStatement;
  readonly ids: readonly number[];
  readonly from: number;
}

/** Statements as tokens. The arrow and the space before an answer keep the two apart, so their tokens do not depend on each other. */
export function encodeStatements(statements: readonly AtlasStatement[], tokenizer: Tokenizer): EncodedStatement[] {
  const end = tokenizer.specials.end!;
  return statements.map((statement) => {
    const prompt = tokenizer.encode(statement.prompt, { special: false });
    const answer = tokenizer.encode(statement.answer, { special: false });
    return { statement, ids: [...prompt, ...answer, end], from: prompt.length };
  });
}

/** Batches within which lengths are alike. */
const batchesOfOnePool = 16;

/** Gives the batches of any step: each epoch says every fact once in every language, in one of its wordings. */
export class StatementBatches {
  readonly #groups: readonly (readonly EncodedStatement[])[];
  readonly #seed: number;
  readonly #size: number;
  #epoch = -1;
  #batches: EncodedStatement[][] = [];

  constructor(encoded: readonly EncodedStatement[], { seed, size }: { readonly seed: number; readonly size: number }) {
    const byFact = Map.groupBy(encoded, ({ statement: { fact, language } }) => `${fact.id}/${language}`);
    this.#groups = [...byFact.values()];
    this.#seed = seed;
    this.#size = size;
  }

  /** How many steps an epoch has; statements that fill no batch sit one epoch out. */
  get stepsOfEpoch(): number {
    return Math.floor(this.#groups.length / this.#size);
  }

  /** The batch that comes after `step` others. */
  at(step: number): readonly EncodedStatement[] {
    const epoch = Math.floor(step / this.stepsOfEpoch);
    if (epoch !== this.#epoch) this.#batches = this.#drawEpoch(epoch);
    this.#epoch = epoch;
    return this.#batches[step % this.stepsOfEpoch]!;
  }

  #drawEpoch(epoch: number): EncodedStatement[][] {
    const random = stream(this.#seed, `atlas/epoch/${epoch}`);
    const drawn = random.shuffle(this.#groups).map((wordings) => random.pick(wordings));
    const pool = this.#size * batchesOfOnePool;
    const sorted = chunks(drawn, pool).flatMap((part) => part.sort((a, b) => a.ids.length - b.ids.length));
    const whole = chunks(sorted, this.#size).filter(({ length }) => length === this.#size);
    return random.shuffle(whole);
  }
}

/** A list in pieces of one length, the last one shorter. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
