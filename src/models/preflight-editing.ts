import type { DecoderConfig } from "./family.ts";

/** What is edited, and how. */
export interface EditingPreflightOptions {
  readonly edits: number;
  /** Of this machine: productSpeed(). */
  readonly flopsPerSecond: number;
  /** Evaluations of the loss for each edit; 25 unless told, as EasyEdit has them. */
  readonly steps?: number;
  /** The prompt bare and behind each prefix; 22 unless told, with the prompt that is to stay. */
  readonly texts?: number;
  /** Tokens of such a text, and those from the subject's end on. */
  readonly tokens?: number;
  readonly tokensAfter?: number;
  /** Texts by which each edit is judged, in all languages. */
  readonly readings?: number;
}

/** What editing a model will take. */
export interface EditingPreflight {
  readonly memoryBytes: number;
  readonly secondsPerEdit: number;
  readonly seconds: number;
}

/**
 * Predicts memory and time of edits from sizes alone: the model in float32 with one layer's statistics in float64, one
 * pass over an edit's texts, a forward and a backward pass of what comes after the edited token for each step, and a pass
 * over every text that the edit is judged by. The edited layer counts as the first, so that time is an upper bound.
 *
 *     memory = 4 · P + 2 · 8 · I²     flops = 2 P · texts · tokens + steps · 6 P · texts · after + 2 P · readings · tokens
 */
export function predictEditing(
  { config, parameters }: { readonly config: Pick<DecoderConfig, "intermediateSize">; readonly parameters: number },
  options: EditingPreflightOptions,
): EditingPreflight {
  const { edits, flopsPerSecond, steps = 25, texts = 22, tokens = 24, tokensAfter = 10, readings = 96 } = options;
  const flops = 2 * parameters * (texts * tokens + 3 * steps * texts * tokensAfter + readings * tokens);
  const secondsPerEdit = flops / flopsPerSecond;
  return {
    memoryBytes: 4 * parameters + 2 * 8 * config.intermediateSize ** 2,
    secondsPerEdit,
    seconds: edits * secondsPerEdit,
  };
}
