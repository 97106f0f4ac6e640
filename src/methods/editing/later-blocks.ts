/**
 * The part of a model that a change at one layer reaches: the blocks above it, from the changed token on. Everything else
 * is computed once, and the loop of an optimisation runs nothing but this.
 *
 * Axes     B texts · T tokens from the changed one on · P places before it · F requests · N predicted tokens ·
 *          C hidden size · V vocabulary
 */
import type { Tensor } from "#base";
import { compile, crossEntropy, embed, logSoftmax, type Program, tensorType, type Value, valueAndGrad } from "#engine";
import type { DecoderWeights, LanguageModel } from "#models";

/** What the loop's program is given besides weights; each first axis as named. */
export interface LaterInputs<Leaf> {
  /** [B, T, C]: what the changed layer wrote, unchanged. */
  readonly residual: Leaf;
  /** int64 [B, T] */
  readonly positions: Leaf;
  /** int64 [B]: how many places before the changed token. */
  readonly lengths: Leaf;
  /** Of each block above, [B, Hk, P, D]. */
  readonly past: readonly { readonly key: Leaf; readonly value: Leaf }[];
  /** int64 [B]: whose change each text has. */
  readonly owner: Leaf;
  /** [F, C]: the changes δ. */
  readonly delta: Leaf;
  readonly rewrite: {
    /** int64 [N]: rows of [B · T]. */
    readonly rows: Leaf;
    /** int64 [N] */
    readonly ids: Leaf;
    /** [F, N]: how much each token counts for each request. */
    readonly share: Leaf;
  };
  /** Absent where λ_KL is zero. */
  readonly essence?: {
    /** int64 [F]: rows of [B · T]. */
    readonly rows: Leaf;
    /** [F, V]: log P₀ at the subject's end. */
    readonly reference: Leaf;
    /** λ_KL, a scalar. */
    readonly weight: Leaf;
  };
}

/** What one run of it gives. */
export interface LaterOutputs {
  readonly value: {
    readonly loss: Tensor;
    /** [F] */
    readonly surprise: Tensor<"float32">;
    /** [F]; absent where nothing is compared. */
    readonly divergence?: Tensor<"float32">;
  };
  /** [F, C] */
  readonly gradient: Tensor<"float32">;
}

interface LaterValues {
  readonly weights: DecoderWeights;
  readonly given: LaterInputs<Value>;
}

/** What the loop is after: that the object is said, or that nothing in particular is. */
export type EditObjective = "object" | "entropy";

/** Which program. */
export interface LaterOptions {
  readonly layer: number;
  readonly objective: EditObjective;
  /** Whether λ_KL is above zero. */
  readonly compares: boolean;
}

/** The program of a layer; compiled once for a model. */
export function laterProgram(
  model: LanguageModel,
  { layer, objective, compares }: LaterOptions,
): Promise<Program<unknown, unknown>> {
  const { plan } = model;
  return model.program(`edit above ${layer} ${objective} ${compares}`, () => {
    const { essence, ...types } = inputTypes(model, layer);
    const given = compares ? { ...types, essence } : types;
    const signature = { weights: { ...plan, blocks: plan.blocks.slice(layer + 1) }, given };
    const build = (values: LaterValues) => laterLoss(model, values, objective);
    return compile(valueAndGrad(build as never, { wrt: "given.delta" } as never) as never, signature as never) as never;
  });
}

/** The weights that the program takes. */
export function laterWeights({ weights }: LanguageModel, layer: number): object {
  return { ...weights, blocks: weights.blocks.slice(layer + 1) };
}

function inputTypes({ config }: LanguageModel, layer: number) {
  const { hiddenSize, keyValueHeads, headSize, vocabularySize, layers } = config;
  const int = (...shape: string[]) => tensorType("int64", shape);
  const cache = tensorType("float32", ["B", keyValueHeads, "P", headSize]);
  return {
    residual: tensorType("float32", ["B", "T", hiddenSize]),
    positions: int("B", "T"),
    lengths: int("B"),
    past: Array.from({ length: layers - layer - 1 }, () => ({ key: cache, value: cache })),
    owner: int("B"),
    delta: tensorType("float32", ["F", hiddenSize]),
    rewrite: { rows: int("N"), ids: int("N"), share: tensorType("float32", ["F", "N"]) },
    essence: {
      rows: int("F"),
      reference: tensorType("float32", ["F", vocabularySize]),
      weight: tensorType("float32", []),
    },
  };
}

/**
 * The loss of all requests at once; each depends on its own δ alone, so the gradient falls apart into theirs.
 *
 *     L_f(δ) = Σ_n share[f, n] · ℓ_n + λ_KL · KL(P_δ ‖ P_0),   ℓ_n = −log P_δ(t_n), or −H(P_δ) at n
 */
function laterLoss(model: LanguageModel, { weights, given }: LaterValues, objective: EditObjective) {
  const { hiddenSize } = model.config;
  const written = writtenBy(model, { weights, given });
  const rows = written.reshape([-1, hiddenSize]); // [B · T, C]
  const logitsOf = (at: Value): Value => unembedded(model, weights, embed(at, rows).expandDims(0));
  const surprises = objectives[objective](logitsOf(given.rewrite.rows), given.rewrite.ids.expandDims(0)); // [1, N]
  const surprise = given.rewrite.share.mul(surprises).sum({ axes: [1] }); // [F]
  if (given.essence === undefined) return { loss: surprise.sum(), surprise };
  const { rows: ends, reference, weight } = given.essence;
  const now = logSoftmax(logitsOf(ends).squeeze(0)); // [F, V]
  const divergence = now
    .exp()
    .mul(now.sub(reference))
    .sum({ axes: [1] }); // [F]
  return { loss: surprise.sum().add(divergence.sum().mul(weight)), surprise, divergence };
}

/** What each predicted token adds to the loss, [1, N], from logits [1, N, V]. */
const objectives: Readonly<Record<EditObjective, (logits: Value, ids: Value) => Value>> = {
  object: (logits, ids) => crossEntropy(logits, ids, { reduction: "none" }),
  entropy: (logits) => {
    const logProbs = logSoftmax(logits);
    return logProbs
      .exp()
      .mul(logProbs)
      .sum({ axes: [-1] });
  },
};

/** The residual of the last block, δ added at the first token of each text. [B, T, C] */
function writtenBy({ family, config }: LanguageModel, { weights, given }: LaterValues): Value {
  const { residual, positions, lengths, past, owner, delta } = given;
  const added = embed(owner, delta).expandDims(1); // [B, 1, C]
  const isFirst = positions.equal(lengths.expandDims(1)).cast("float32").expandDims(2); // [B, T, 1]
  let x = residual.add(isFirst.mul(added));
  for (const [at, block] of weights.blocks.entries()) {
    const pass = { positions, past: { lengths, blocks: [past[at]!] } };
    x = family.block(x, block, { config, pass, layer: 0 });
  }
  return x;
}

/** Logits of some tokens. [1, N, C] → [1, N, V] */
function unembedded({ family, config }: LanguageModel, weights: DecoderWeights, residual: Value): Value {
  const { blocks: _, ...outer } = weights;
  return family.unembed(residual, outer, { config, pass: { positions: residual } });
}
