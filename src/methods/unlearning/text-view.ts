/**
 * What an unlearning loss sees of a batch of texts.
 *
 * Axes     B texts · T tokens · V vocabulary · C hidden size
 */
import { crossEntropy, logSoftmax, type TensorType, tensorType, type Value } from "#engine";

/** A batch of texts as a program takes it; what belongs to the frozen start comes in as numbers. */
export interface TextValues {
  /** int64 [B, T] */
  readonly inputIds: Value;
  /** int64 [B, T]: the token after each token. */
  readonly targets: Value;
  /** [B, T]: 1 where a target counts. */
  readonly counts: Value;
  readonly reference: Partial<Readonly<Record<ReferenceKind, Value>>>;
}

/** What of the frozen start a loss may compare with. */
export type ReferenceKind = "logProb" | "logProbs" | "residual";

/** The figure's outputs for those texts. */
export interface FigureValues {
  /** [B, T, V] */
  readonly logits: Value;
  /** [B, T, C] at the layer that a loss steers; absent where none was named. */
  readonly residual?: Value | undefined;
}

/** One batch of texts under the model that is being changed. Nothing that no loss reads is computed. */
export interface TextView {
  /** log π(x): of each whole text, summed over its tokens. [B] */
  readonly logProb: Value;
  /** How many tokens of each text count. [B] */
  readonly lengths: Value;
  /** −log π of a token, the mean over all that count. Scalar */
  readonly meanLoss: Value;
  /** Of every token of the vocabulary. [B, T, V] */
  readonly logProbs: Value;
  /** [B, T] */
  readonly counts: Value;
  /** [B, T, C] */
  readonly residual: Value;
  /** The same three of the frozen start: log π₀(x) [B], log π₀ [B, T, V], residual [B, T, C]. */
  readonly reference: Readonly<Record<ReferenceKind, Value>>;
}

/** The types of a batch; `axes` tell the lengths of two batches in one program apart. */
export function textTypes(
  [batch, tokens]: readonly [string, string],
  { reference, vocabularySize, hiddenSize }: TextTypeOptions,
): Readonly<Record<string, unknown>> {
  const ids = tensorType("int64", [batch, tokens]);
  const types = {
    logProb: tensorType("float32", [batch]),
    logProbs: tensorType("float32", [batch, tokens, vocabularySize]),
    residual: tensorType("float32", [batch, tokens, hiddenSize]),
  } satisfies Record<ReferenceKind, TensorType>;
  return {
    inputIds: ids,
    targets: ids,
    counts: tensorType("float32", [batch, tokens]),
    reference: Object.fromEntries(reference.map((kind) => [kind, types[kind]])),
  };
}

/** What decides the types of a batch. */
export interface TextTypeOptions {
  readonly reference: readonly ReferenceKind[];
  readonly vocabularySize: number;
  readonly hiddenSize: number;
}

/** Joins a batch and the figure's outputs to what a loss reads. */
export function textView({ targets, counts, reference }: TextValues, figure: FigureValues): TextView {
  const losses = () => crossEntropy(figure.logits, targets, { reduction: "none", mask: counts }); // [B, T]
  return {
    counts,
    get logProb() {
      return losses().sum({ axes: 1 }).neg();
    },
    get lengths() {
      return counts.sum({ axes: 1 });
    },
    get meanLoss() {
      return losses().sum().div(counts.sum());
    },
    get logProbs() {
      return logSoftmax(figure.logits);
    },
    get residual() {
      return figure.residual!;
    },
    reference: reference as Readonly<Record<ReferenceKind, Value>>,
  };
}
