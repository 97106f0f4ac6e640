import { AssayError, sizeOf } from "#base";
import { leavesOf, type Program } from "#engine";
import type { ChatTemplate, Tokenizer } from "#formats";
import type { DecoderConfig, Family } from "./family.ts";
import { FrozenPrograms } from "./frozen-programs.ts";
import { ProgramCache } from "./program-cache.ts";
import type { StoredWeight } from "./stored-weight.ts";
import { sourceOf, type WeightPlan, type WeightSource, type WeightTensors } from "./weight-source.ts";

/** What a language model is made of. */
export interface LanguageModelParts {
  /** As the user named it. */
  readonly name: string;
  /** Where its files lie; undefined for one that was made in memory. */
  readonly folder?: string | undefined;
  readonly family: Family;
  readonly config: DecoderConfig;
  readonly plan: WeightPlan;
  readonly source: WeightSource;
  readonly tokenizer?: Tokenizer | undefined;
  readonly chatTemplate?: ChatTemplate | undefined;
  /** Tokens after which a text is complete. */
  readonly endIds?: readonly number[];
  /** What a person should know about its files: unknown keys, spare tensors. */
  readonly warnings?: readonly string[];
  /** A model of the same plan, whose compiled programs serve this one too. */
  readonly like?: LanguageModel | undefined;
}

/** What nobody closed is freed with its model. */
const forgotten = new FinalizationRegistry<FrozenPrograms>((programs) => programs.release());

/** A language model that is ready to score, generate and be looked into. */
export class LanguageModel {
  readonly name: string;
  readonly folder: string | undefined;
  readonly family: Family;
  readonly config: DecoderConfig;
  readonly plan: WeightPlan;
  readonly source: WeightSource;
  readonly tokenizer: Tokenizer | undefined;
  readonly chatTemplate: ChatTemplate | undefined;
  readonly endIds: readonly number[];
  readonly warnings: readonly string[];
  readonly #programs: ProgramCache;
  readonly #frozen = new FrozenPrograms();

  constructor(parts: LanguageModelParts) {
    this.name = parts.name;
    this.folder = parts.folder;
    this.family = parts.family;
    this.config = parts.config;
    this.plan = parts.plan;
    this.source = parts.source;
    this.tokenizer = parts.tokenizer;
    this.chatTemplate = parts.chatTemplate;
    this.endIds = parts.endIds ?? [];
    this.warnings = parts.warnings ?? [];
    this.#programs = parts.like === undefined ? new ProgramCache() : parts.like.#programs;
    forgotten.register(this, this.#frozen);
  }

  /** Whether blocks are read from disk as they are needed. */
  get isStreamed(): boolean {
    return this.source.all === undefined;
  }

  /** All weights, in our structure and orientation. @throws AssayError WEIGHTS_STREAMED when they are not in memory */
  get weights(): WeightTensors {
    if (this.source.all !== undefined) return this.source.all;
    const bytes =
      4 * [...leavesOf<StoredWeight>(this.plan).values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const size = `${(Math.ceil(bytes / 1e8) / 10).toFixed(1)}GB`;
    const limit = `allow ${size}, its size in float32, with --memory ${size} or loadModel(…, { memory })`;
    const wayOut = `${limit}, or read a block with source.block()`;
    throw new AssayError(
      "WEIGHTS_STREAMED",
      `${this.name}: Expected weights in memory, got a streamed model; ${wayOut}`,
    );
  }

  /** The tokenizer. @throws AssayError TOKENIZER_MISSING */
  requireTokenizer(): Tokenizer {
    if (this.tokenizer !== undefined) return this.tokenizer;
    throw new AssayError(
      "TOKENIZER_MISSING",
      `${this.name}: Expected a tokenizer beside the weights, found none; give ids`,
    );
  }

  /** The program for a key, compiled when it is first asked for. */
  program<Inputs, Outputs>(
    key: string,
    make: () => Promise<Program<Inputs, Outputs>>,
  ): Promise<Program<Inputs, Outputs>> {
    return this.#programs.get(key, make);
  }

  /** The program for a key with the weights built in that have this fingerprint. */
  frozenProgram(
    key: string,
    fingerprint: number,
    make: () => Promise<Program<unknown, unknown>>,
  ): Promise<Program<unknown, unknown>> {
    return this.#frozen.get(key, fingerprint, make);
  }

  /** The same model over other weights; while the plan is the same they share what is compiled. Close the source on its own. */
  over(source: WeightSource, plan: WeightPlan = this.plan): LanguageModel {
    return new LanguageModel({ ...this, plan, source, like: plan === this.plan ? this : undefined });
  }

  /** The same model over other weights in memory; what is not changed may be shared. */
  withWeights(weights: WeightTensors): LanguageModel {
    return this.over(sourceOf(weights));
  }

  close(): void {
    this.#frozen.release();
    this.source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What stops work whose every number would be NaN from here on. */
export const notFinite = ({ name }: LanguageModel): AssayError =>
  new AssayError(
    "LOGITS_NOT_FINITE",
    `${name}: Expected finite logits, got NaN or an infinity; weights or an edit are too large: look with firstNonFinite()`,
  );

/**
 * Checks token ids before anything is computed.
 *
 * @throws AssayError TEXT_EMPTY, TOKEN_OUT_OF_RANGE, CONTEXT_TOO_LONG
 */
export function expectIds({ name, config }: LanguageModel, ids: readonly number[], room = 0): void {
  const { vocabularySize, contextLength } = config;
  if (ids.length === 0) {
    throw new AssayError("TEXT_EMPTY", `${name}: Expected at least one token, got none; begin with the begin token`);
  }
  const at = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
  if (at >= 0) {
    const claim = `Expected token ids from 0 to ${vocabularySize - 1}, got ${ids[at]} at position ${at}`;
    throw new AssayError("TOKEN_OUT_OF_RANGE", `${name}: ${claim}`);
  }
  if (ids.length + room <= contextLength) return;
  const more = room > 0 ? ` and ${room} to generate` : "";
  const claim = `Expected at most ${contextLength} tokens, got ${ids.length}${more}; shorten the text`;
  throw new AssayError("CONTEXT_TOO_LONG", `${name}: ${claim}`);
}
