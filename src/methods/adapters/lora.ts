import { AssayError, type RandomStream, stream, type Tensor, zeros } from "#base";
import type { LanguageModel } from "#models";
import { type LinearMap, targetMaps } from "./linear-maps.ts";

/** How an adapter is made. */
export interface LoraSettings {
  /** r */
  readonly rank: number;
  /** α; twice the rank when left out. */
  readonly alpha?: number;
  /** Which linear maps of each block, by their canonical names (`attention.query`, `mlp.down`); queries and values when left out. */
  readonly targets?: readonly string[];
  /** The share of an addition's inputs that is dropped while it is trained; none when left out. */
  readonly dropout?: number;
  /** Scales by α / √r instead of α / r. */
  readonly isRankStabilized?: boolean;
  /** Of the start of A. Default 0. */
  readonly seed?: number;
}

/** The two thin matrices of one linear map. */
export interface LoraMatrices<Leaf = Tensor<"float32">> {
  /** A, [in, rank] */
  readonly down: Leaf;
  /** B, [rank, out] */
  readonly up: Leaf;
}

/** A low-rank adapter: what it adds to which linear maps of a model's blocks. */
export interface LoraAdapter {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly isRankStabilized: boolean;
  /** By the path of the linear map: `blocks.3.attention.query`. Trained in place. */
  readonly matrices: Readonly<Record<string, LoraMatrices>>;
  /** What each addition is multiplied by, by the same paths. */
  readonly scalings: Readonly<Record<string, number>>;
}

/**
 * A fresh adapter for a model: A is drawn, B is zero, so it changes nothing before it is trained.
 *
 *     y = x W + (α / r) · x A B,    A ~ U(−1 / √in, 1 / √in)
 *
 * Shapes   x [*batch, in] · W [in, out] · A [in, rank] · B [rank, out] → y [*batch, out]
 * Source   Hu et al. 2021, LoRA, §4.1, eq. 3 (arXiv:2106.09685), transposed to our row-vector convention; the start of A
 *          as in PEFT; α / √r from Kalajdzievski 2023 (arXiv:2312.03732)
 *
 * @throws AssayError RANK_TOO_LARGE when rank exceeds min(in, out), TARGET_UNKNOWN, OPTION_RANGE
 * @example const adapter = createLora(model, { rank: 8, targets: ["attention.query", "mlp.down"] });
 */
export function createLora(model: LanguageModel, settings: LoraSettings): LoraAdapter {
  const { rank, alpha = 2 * rank, targets, dropout = 0, isRankStabilized = false, seed = 0 } = settings;
  expectNumbers({ rank, alpha, dropout });
  const maps = targetMaps(model, targets);
  for (const map of maps) expectRank(map, rank);
  const scaling = loraScaling({ rank, alpha, isRankStabilized });
  const matrices = maps.map((map) => [map.path, freshMatrices(map, rank, stream(seed, `lora/${map.path}`))] as const);
  const scalings = maps.map(({ path }) => [path, scaling] as const);
  return {
    rank,
    alpha,
    dropout,
    isRankStabilized,
    matrices: Object.fromEntries(matrices),
    scalings: Object.fromEntries(scalings),
  };
}

/** What an addition is multiplied by: α / r, or α / √r when rank-stabilised. */
export const loraScaling = ({
  rank,
  alpha,
  isRankStabilized,
}: Pick<LoraAdapter, "rank" | "alpha" | "isRankStabilized">): number =>
  alpha / (isRankStabilized ? Math.sqrt(rank) : rank);

/** How many numbers an adapter has. */
export function countLora({ matrices }: Pick<LoraAdapter, "matrices">): number {
  return Object.values(matrices).reduce((sum, { down, up }) => sum + down.data.length + up.data.length, 0);
}

function expectNumbers({ rank, alpha, dropout }: { rank: number; alpha: number; dropout: number }): void {
  if (Number.isInteger(rank) && rank > 0 && Number.isFinite(alpha) && dropout >= 0 && dropout < 1) return;
  const expected = "Expected a whole rank above zero, a finite alpha and a dropout from 0 to below 1";
  throw new AssayError("OPTION_RANGE", `adapters: ${expected}, got ${rank}, ${alpha} and ${dropout}`);
}

function expectRank({ path, inputs, outputs }: LinearMap, rank: number): void {
  const most = Math.min(inputs, outputs);
  if (rank <= most) return;
  throw new AssayError("RANK_TOO_LARGE", `adapters: Expected a rank of at most ${most} for "${path}", got ${rank}`);
}

function freshMatrices({ inputs, outputs }: LinearMap, rank: number, random: RandomStream): LoraMatrices {
  const down = zeros([inputs, rank]);
  const bound = 1 / Math.sqrt(inputs);
  for (let at = 0; at < down.data.length; at++) down.data[at] = bound * (2 * random.next() - 1);
  return { down, up: zeros([rank, outputs]) };
}
