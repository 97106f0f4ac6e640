import { AssayError, type RandomStream } from "#base";

/** How the next token is chosen. */
export interface SamplingOptions {
  /** 0 always takes the likeliest; 1 draws from the model's own probabilities. Default 0. */
  readonly temperature?: number;
  /** Only so many of the likeliest tokens are drawn from. */
  readonly topK?: number;
  /** Only the fewest likeliest tokens that together have this probability are drawn from (Holtzman et al. 2020, §3.1). */
  readonly topP?: number;
}

/** @throws AssayError OPTION_RANGE */
export function expectSampling({ temperature = 0, topK = 1, topP = 1 }: SamplingOptions): void {
  const wrong =
    !(temperature >= 0 && Number.isFinite(temperature)) ||
    !(Number.isInteger(topK) && topK >= 1) ||
    !(topP > 0 && topP <= 1);
  if (!wrong) return;
  const expected = "Expected a temperature of 0 or more, a whole topK above 0 and a topP above 0 up to 1";
  throw new AssayError("OPTION_RANGE", `generate: ${expected}, got ${temperature}, ${topK} and ${topP}`);
}

/** The place of the largest value; of equal ones the first. */
export function likeliest(logits: Float32Array): number {
  let best = 0;
  let largest = logits[0]!;
  for (let at = 1; at < logits.length; at++) {
    const value = logits[at]!;
    if (value > largest) [best, largest] = [at, value];
  }
  return best;
}

/** log softmax(logits)[id] */
export function logProbOf(logits: Float32Array, id: number): number {
  const largest = logits[likeliest(logits)]!;
  let sum = 0;
  for (let at = 0; at < logits.length; at++) sum += Math.exp(logits[at]! - largest);
  return logits[id]! - largest - Math.log(sum);
}

/**
 * Chooses a token: cut to topK, then temperature, then topP, then drawn.
 *
 *     p = softmax(logits / temperature) over what is left
 */
export function chooseToken(logits: Float32Array, options: SamplingOptions, random: RandomStream): number {
  const { temperature = 0, topK = logits.length, topP = 1 } = options;
  if (temperature === 0) return likeliest(logits);
  const order = ranked(logits).subarray(0, topK);
  const weights = Float64Array.from(order, (id) => Math.exp((logits[id]! - logits[order[0]!]!) / temperature));
  const kept = nucleus(weights, topP);
  const total = weights.subarray(0, kept).reduce((sum, weight) => sum + weight, 0);
  let left = random.next() * total;
  for (let at = 0; at < kept; at++) {
    left -= weights[at]!;
    if (left < 0) return order[at]!;
  }
  return order[kept - 1]!;
}

/** Ids from the likeliest on; of equal ones the lower id first. */
function ranked(logits: Float32Array): Uint32Array {
  const ids = Uint32Array.from(logits, (_, at) => at);
  return ids.sort((a, b) => logits[b]! - logits[a]! || a - b);
}

function nucleus(weights: Float64Array, topP: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  for (let at = 0; at < weights.length; at++) {
    sum += weights[at]!;
    if (sum >= topP * total) return at + 1;
  }
  return weights.length;
}
