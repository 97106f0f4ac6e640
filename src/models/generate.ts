import { AssayError, type RandomStream, stream, type Tensor, tensor, zeros } from "#base";
import type { TapEdit } from "./edits.ts";
import { execute } from "./execute.ts";
import type { Executed, PassTensors } from "./execution.ts";
import { fingerprintOf, isWorthFreezing } from "./frozen-programs.ts";
import { cacheTaps, KeyValueCache } from "./key-value-cache.ts";
import { expectIds, type LanguageModel, notFinite } from "./language-model.ts";
import { padded, paddedLength } from "./lengths.ts";
import { chooseToken, expectSampling, logProbOf, type SamplingOptions } from "./sampling.ts";
import { TextStream } from "./text-stream.ts";

/** How texts are continued. */
export interface GenerateOptions extends SamplingOptions {
  /** A whole number, or Infinity; default 64. The model's context ends a text too. */
  readonly maxTokens?: number;
  /** Decides every draw; each prompt has a stream of its own, named after its place. Default 0. */
  readonly seed?: number;
  /** A text ends before the first of these. */
  readonly stop?: readonly string[];
  /** Goes on after the token that ends a text. */
  readonly ignoreEnd?: boolean;
  /** Changes of activations at every token. */
  readonly edits?: readonly TapEdit[];
  /**
   * Builds the weights into the program, as they are at the call: tokens of a small model come faster, for the memory of
   * the weights once more and a moment at the first call and at one after they have changed. When left out, weights up to
   * 256 MiB are built in where a text may get 64 tokens and nothing is edited.
   */
  readonly freeze?: boolean;
  /** Whether the log-probability of each token is wanted, for a pass over the vocabulary a token. Default true. */
  readonly logProbs?: boolean;
  /** Is told of every token as it comes. */
  readonly onToken?: (event: TokenEvent) => void;
  /** Stops before the prompts are read, or between two tokens. */
  readonly signal?: AbortSignal | undefined;
}

/** One more token of one text, or what was held back until its end, with the last token again. */
export interface TokenEvent {
  /** Which prompt it continues. */
  readonly prompt: number;
  readonly id: number;
  /** The text that became certain with it; may be empty. */
  readonly delta: string;
}

/** One continued text. */
export interface Generation {
  /** Without the prompt, and without the token that ended it; undefined where there is no tokenizer. */
  readonly text: string | undefined;
  readonly ids: readonly number[];
  /** Of each token, under the model's own probabilities; none where `logProbs` is false. */
  readonly logProbs: readonly number[];
  readonly promptTokens: number;
  readonly finishReason: "stop" | "length";
}

/**
 * Continues prompts of any lengths together, each token after the ones before it, with keys and values kept.
 *
 * @throws AssayError TEXT_EMPTY, TOKEN_OUT_OF_RANGE, CONTEXT_TOO_LONG, OPTION_RANGE, ABORTED, LOGITS_NOT_FINITE
 * @example const [story] = await generate(model, ["Once upon a time"], { maxTokens: 100 });
 */
export async function generate(
  model: LanguageModel,
  prompts: readonly (string | readonly number[])[],
  options: GenerateOptions = {},
): Promise<Generation[]> {
  expectSampling(options);
  expectMaxTokens(options);
  if (prompts.length === 0) return [];
  const writers = prompts.map((prompt, at) => new Writer(model, { prompt, at, options }));
  const { edits = [] } = options;
  const decoding = new Decoding(model, { writers, edits, frozen: frozenOf(model, writers, options) });
  expectNoStop(model, options);
  let logits = await decoding.prefill();
  while (take(writers, logits)) {
    expectNoStop(model, options);
    logits = await decoding.step();
  }
  return writers.map((writer) => writer.finish());
}

function expectMaxTokens({ maxTokens = 64 }: GenerateOptions): void {
  if (maxTokens >= 0 && (Number.isInteger(maxTokens) || maxTokens === Number.POSITIVE_INFINITY)) return;
  throw new AssayError("OPTION_RANGE", `generate: Expected a whole number of zero or more maxTokens, got ${maxTokens}`);
}

function expectNoStop({ name }: LanguageModel, { signal }: GenerateOptions): void {
  if (signal?.aborted) throw new AssayError("ABORTED", `${name}: Expected to generate on, got a stop`);
}

/** The fingerprint of weights that are to be built in. */
function frozenOf(
  model: LanguageModel,
  writers: readonly Writer[],
  { edits = [], freeze }: GenerateOptions,
): number | undefined {
  if (model.isStreamed) return undefined;
  const longest = Math.max(...writers.map(({ limit }) => limit));
  const isFrozen = freeze ?? (edits.length === 0 && isWorthFreezing(model.weights, longest));
  return isFrozen ? fingerprintOf(model.weights) : undefined;
}

/** Gives each writer its row of logits [B, 1, V]; whether any goes on. */
function take(writers: readonly Writer[], { data, shape }: Tensor): boolean {
  const size = shape[2]!;
  const rows = data as Float32Array;
  for (const [row, writer] of writers.entries()) writer.take(rows.subarray(row * size, (row + 1) * size));
  return writers.some((writer) => !writer.isDone);
}

/** The passes of one batch. */
class Decoding {
  readonly #model: LanguageModel;
  readonly #writers: readonly Writer[];
  readonly #edits: readonly TapEdit[];
  readonly #frozen: number | undefined;
  readonly #cache: KeyValueCache;
  readonly #read: readonly string[];

  constructor(
    model: LanguageModel,
    parts: {
      readonly writers: readonly Writer[];
      readonly edits: readonly TapEdit[];
      readonly frozen: number | undefined;
    },
  ) {
    this.#model = model;
    this.#writers = parts.writers;
    this.#edits = parts.edits;
    this.#frozen = parts.frozen;
    const room = Math.max(...parts.writers.map(({ promptIds, limit }) => promptIds.length + Math.min(limit, 64)));
    this.#cache = new KeyValueCache(model.config, { batch: parts.writers.length, room });
    this.#read = [...cacheTaps(model.config), "logits"];
  }

  /** All prompts, shorter ones filled up behind, in pieces, so that scores of attention never grow with the square of a prompt. */
  async prefill(): Promise<Tensor> {
    const prompts = this.#writers.map(({ promptIds }) => promptIds);
    const longest = Math.max(...prompts.map(({ length }) => length));
    const logits = zeros([prompts.length, 1, this.#model.config.vocabularySize]);
    for (let start = 0; start < longest; start += tokensAtOnce) {
      const piece = prompts.map((prompt) => prompt.slice(start, start + tokensAtOnce));
      const found = await this.#prefillPiece(piece, start);
      for (const [row, { length }] of prompts.entries()) {
        if (length > start && length <= start + tokensAtOnce) copyRow(found, logits, row);
      }
    }
    return logits;
  }

  async #prefillPiece(piece: readonly (readonly number[])[], start: number): Promise<Tensor> {
    const counts = piece.map(({ length }) => length);
    const length = paddedLength(Math.max(...counts), this.#model.config.contextLength);
    const shape = [piece.length, length];
    const ids = piece.flatMap((row) => padded(row, length));
    const last = counts.map((count) => Math.max(0, count - 1));
    const places = piece.flatMap(() => Array.from({ length }, (_, at) => this.#place(start + at)));
    const inputs = { inputIds: tensor(shape, ids, "int64"), last: tensor([piece.length], last, "int64") };
    const later = start === 0 ? {} : { positions: tensor(shape, places, "int64"), past: this.#cache.past };
    return this.#pass({ ...inputs, ...later }, counts);
  }

  /** One more token of each text. A finished text goes along, and what it would write is not looked at. */
  async step(): Promise<Tensor> {
    const shape = [this.#writers.length, 1];
    const { lengths, past } = this.#cache;
    const ids = this.#writers.map(({ last }) => last);
    const places = lengths.map((length) => this.#place(length));
    const inputs = { inputIds: tensor(shape, ids, "int64"), positions: tensor(shape, places, "int64"), past };
    return this.#pass(
      inputs,
      this.#writers.map(({ isDone }) => (isDone ? 0 : 1)),
    );
  }

  /** What only fills up stays at the last place that the model knows. */
  #place(at: number): number {
    return Math.min(at, this.#model.config.contextLength - 1);
  }

  async #pass(inputs: PassTensors, counts: readonly number[]): Promise<Tensor> {
    const executed: Executed = await execute(this.#model, {
      inputs,
      read: this.#read,
      edits: this.#edits,
      reuse: true,
      // A prompt is one pass: building the weights in would cost more than it gives.
      frozen: inputs.positions !== undefined && inputs.inputIds.shape[1] === 1 ? this.#frozen : undefined,
    });
    this.#cache.append(executed, counts);
    return executed.taps.logits!;
  }
}

/** Tokens of a prompt that are taken in at once. */
const tokensAtOnce = 512;

function copyRow(from: Tensor, to: Tensor, row: number): void {
  const size = to.shape[2]!;
  const source = (from.data as Float32Array).subarray(row * size, (row + 1) * size);
  (to.data as Float32Array).set(source, row * size);
}

interface WriterParts {
  readonly prompt: string | readonly number[];
  readonly at: number;
  readonly options: GenerateOptions;
}

/** One text as it grows. */
class Writer {
  readonly #model: LanguageModel;
  readonly promptIds: readonly number[];
  /** How many tokens it may get. */
  readonly limit: number;
  readonly #ids: number[] = [];
  readonly #logProbs: number[] = [];
  readonly #options: GenerateOptions;
  readonly #at: number;
  readonly #random: RandomStream;
  readonly #stream: TextStream | undefined;
  readonly #endIds: readonly number[];
  #finishReason: Generation["finishReason"] | undefined;

  constructor(model: LanguageModel, { prompt, at, options }: WriterParts) {
    const { maxTokens = 64, seed = 0, stop = [], ignoreEnd = false } = options;
    this.#model = model;
    this.promptIds = typeof prompt === "string" ? model.requireTokenizer().encode(prompt) : prompt;
    expectIds(model, this.promptIds);
    this.limit = Math.min(maxTokens, model.config.contextLength - this.promptIds.length + 1);
    this.#options = options;
    this.#at = at;
    this.#random = stream(seed, `generate/${at}`);
    this.#endIds = ignoreEnd ? [] : model.endIds;
    const { tokenizer } = model;
    this.#stream = tokenizer && new TextStream(tokenizer, { promptIds: this.promptIds, stops: stop });
    if (this.limit < 1) this.#finishReason = "length";
  }

  get isDone(): boolean {
    return this.#finishReason !== undefined;
  }

  /** The token that the next pass is about. */
  get last(): number {
    return this.#ids.at(-1) ?? this.promptIds.at(-1)!;
  }

  /** Chooses the next token. */
  take(logits: Float32Array): void {
    if (this.isDone) return;
    const { logProbs = true } = this.#options;
    const id = chooseToken(logits, this.#options, this.#random);
    const logProb = logProbs ? logProbOf(logits, id) : undefined;
    if (!Number.isFinite(logProb ?? logits[id])) throw notFinite(this.#model);
    if (this.#endIds.includes(id)) {
      this.#finishReason = "stop";
      return;
    }
    this.#ids.push(id);
    if (logProb !== undefined) this.#logProbs.push(logProb);
    const delta = this.#stream?.push(id) ?? "";
    if (this.#stream?.isStopped) this.#finishReason = "stop";
    else if (this.#ids.length >= this.limit) this.#finishReason = "length";
    this.#options.onToken?.({ prompt: this.#at, id, delta });
  }

  finish(): Generation {
    const rest = this.#stream?.end() ?? "";
    if (rest !== "") this.#options.onToken?.({ prompt: this.#at, id: this.last, delta: rest });
    return {
      text: this.#stream?.text,
      ids: this.#ids,
      logProbs: this.#logProbs,
      promptTokens: this.promptIds.length,
      finishReason: this.#finishReason ?? "length",
    };
  }
}
