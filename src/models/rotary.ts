import { AssayError, tensor } from "#base";
import { constant, type RotaryAngles, type Value } from "#engine";
import type { ConfigReader } from "./config-reader.ts";

/** How positions beyond the ones a model was trained on are brought back among them. */
export type RotaryScaling =
  /** Positions are divided by the factor. Source: Chen et al. 2023, Position Interpolation (arXiv:2306.15595). */
  | { readonly kind: "linear"; readonly factor: number }
  /** Slow turns are slowed by the factor, fast ones stay, those between go over smoothly. Source: the Llama 3.1 release. */
  | {
      readonly kind: "llama3";
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalContextLength: number;
    }
  /** The same by the number of a pair, and all angles' cosines and sines a little longer. Source: Peng et al. 2023, YaRN (arXiv:2309.00071), §3. */
  | {
      readonly kind: "yarn";
      readonly factor: number;
      /** Turns in the original context: of pairs that stay, and of those that are slowed whole. */
      readonly fastTurns: number;
      readonly slowTurns: number;
      readonly originalContextLength: number;
      /** What cosines and sines are multiplied by. */
      readonly stretch: number;
    };

/** Which numbers of a head turn with its position, and how fast. */
export interface RotaryConfig {
  /** The slowest pair turns once in about 2π · base tokens. */
  readonly base: number;
  /** How many numbers of each head turn. */
  readonly size: number;
  readonly scaling: RotaryScaling | null;
}

/**
 * How far each pair turns a token.
 *
 *     θᵢ = base^(−2i / R),  i = 0 … R/2 − 1, then scaled
 *
 * Source   Su et al. 2021, RoFormer (arXiv:2104.09864), §3.2.2
 */
export function rotaryFrequencies({ base, size, scaling }: RotaryConfig): Float32Array {
  const plain = Array.from({ length: size / 2 }, (_, pair) => base ** (-(2 * pair) / size));
  if (scaling?.kind === "yarn") return yarnFrequencies(plain, scaling, base);
  return Float32Array.from(plain, (frequency) => scaled(frequency, scaling));
}

type Yarn = Extract<RotaryScaling, { kind: "yarn" }>;

/**
 *     θᵢ' = (1 − rᵢ) θᵢ + rᵢ θᵢ / factor,  rᵢ from 0 at pair `low` to 1 at pair `high`
 *     a pair that turns n times in the original context L is number R ln(L / 2πn) / (2 ln base)
 */
function yarnFrequencies(plain: readonly number[], scaling: Yarn, base: number): Float32Array {
  const { factor, fastTurns, slowTurns, originalContextLength: length } = scaling;
  const size = 2 * plain.length;
  const pairOf = (turns: number) => (size * Math.log(length / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const low = Math.max(0, Math.floor(pairOf(fastTurns)));
  const high = Math.min(size - 1, Math.ceil(pairOf(slowTurns)));
  const width = high === low ? 0.001 : high - low;
  return Float32Array.from(plain, (frequency, pair) => {
    const slowed = Math.min(1, Math.max(0, (pair - low) / width));
    return (1 - slowed) * frequency + (slowed * frequency) / factor;
  });
}

function scaled(frequency: number, scaling: Exclude<RotaryScaling, Yarn> | null): number {
  if (scaling === null) return frequency;
  if (scaling.kind === "linear") return frequency / scaling.factor;
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextLength } = scaling;
  const turns = (originalContextLength * frequency) / (2 * Math.PI); // in the original context
  const share = Math.min(1, Math.max(0, (turns - low) / (high - low)));
  return (1 - share) * (frequency / factor) + share * frequency;
}

/** Cosines and sines for each token: [T] → [T, R/2], or [B, T] → [B, T, R/2]. */
export function rotaryAngles(positions: Value, config: RotaryConfig): RotaryAngles {
  const frequencies = rotaryFrequencies(config);
  const angles = positions
    .cast("float32")
    .expandDims(-1)
    .mul(constant(tensor([frequencies.length], frequencies)));
  const stretch = config.scaling?.kind === "yarn" ? config.scaling.stretch : 1;
  if (stretch === 1) return { cos: angles.cos(), sin: angles.sin() };
  return { cos: angles.cos().mul(stretch), sin: angles.sin().mul(stretch) };
}

/** Reads the keys of transformers 4 (`rope_theta`, `rope_scaling`) and 5 (`rope_parameters`). @throws AssayError CONFIG_UNSUPPORTED */
export function readRotary(reader: ConfigReader, size: number): RotaryConfig {
  const parameters = reader.branch("rope_parameters");
  const older = reader.branch("rope_scaling");
  const branch = parameters ?? older;
  const base = reader.number(["rope_theta", "rotary_emb_base"], parameters?.number("rope_theta", 10_000) ?? 10_000);
  // One line that reads it, so that it counts as known where another key decides.
  branch?.ignore("rope_theta", "partial_rotary_factor");
  const scaling = branch === undefined ? null : readScaling(branch);
  return { base, size, scaling };
}

function readScaling(reader: ConfigReader): RotaryScaling | null {
  const kinds = { default: "default", linear: "linear", llama3: "llama3", yarn: "yarn" } as const;
  const kind = reader.oneOf(["rope_type", "type"], kinds, "default");
  if (kind === "default") return null;
  const factor = reader.number("factor");
  if (kind === "linear") return { kind, factor };
  if (kind === "yarn") return readYarn(reader, factor);
  return {
    kind,
    factor,
    lowFrequencyFactor: reader.number("low_freq_factor"),
    highFrequencyFactor: reader.number("high_freq_factor"),
    originalContextLength: reader.count("original_max_position_embeddings"),
  };
}

function readYarn(reader: ConfigReader, factor: number): RotaryScaling {
  reader.only("mscale");
  reader.only("mscale_all_dim");
  reader.only("truncate", true);
  return {
    kind: "yarn",
    factor,
    fastTurns: reader.number("beta_fast", 32),
    slowTurns: reader.number("beta_slow", 1),
    originalContextLength: reader.count("original_max_position_embeddings"),
    stretch: reader.number("attention_factor", factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1),
  };
}

/** @throws AssayError CONFIG_INVALID when heads have no even number of numbers that turn */
export function requireEven(family: string, { size }: RotaryConfig): void {
  if (Number.isInteger(size) && size > 0 && size % 2 === 0) return;
  throw new AssayError("CONFIG_INVALID", `${family}: Expected an even number of turning channels a head, got ${size}`);
}
