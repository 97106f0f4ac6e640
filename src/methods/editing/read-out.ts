/** Reading a model's next tokens where they are wanted, without logits for any other token. */
import type { Tensor } from "#base";
import { tensor } from "#base";
import { compile, crossEntropy, logSoftmax, tensorType, type Value } from "#engine";
import { blockTap, type DecoderWeights, type LanguageModel } from "#models";
import type { EditedText } from "./encode.ts";
import { readAt, type TextPosition } from "./observe.ts";

/** How well a model predicts an object. */
export interface ObjectReading {
  /** Mean surprise of its tokens, in nats. */
  readonly surprise: number;
  /** Whether each of its tokens is the likeliest. */
  readonly isGreedy: boolean;
}

/** How well a model predicts the objects of texts: the loss of an edit, and whether greedy decoding gives the object. */
export async function readObjects(model: LanguageModel, texts: readonly EditedText[]): Promise<ObjectReading[]> {
  const tokens = texts.flatMap(({ ids, targets }, text) =>
    targets.map(({ at, id }) => ({ text, id, position: { ids, lookup: at } })),
  );
  const residual = await lastResiduals(
    model,
    tokens.map(({ position }) => position),
  );
  const ids = tensor(
    [tokens.length],
    tokens.map(({ id }) => id),
    "int64",
  );
  const { surprises, likeliest } = await readTokens(model, residual, ids);
  return texts.map((_, text) => {
    const own = tokens.flatMap((token, at) => (token.text === text ? [at] : []));
    const total = own.reduce((sum, at) => sum + surprises[at]!, 0);
    return { surprise: total / own.length, isGreedy: own.every((at) => Number(likeliest[at]) === tokens[at]!.id) };
  });
}

/** log P of every token after some positions. [positions, V] */
export async function logProbsAt(model: LanguageModel, positions: readonly TextPosition[]): Promise<Tensor> {
  const residual = await lastResiduals(model, positions);
  const program = await model.program("edit log probs", () =>
    compile(({ weights, residual: rows }) => logSoftmax(logitsOf(model, weights, rows)).squeeze(0), types(model)),
  );
  return (await program.run({ weights: outerOf(model), residual } as never)) as unknown as Tensor;
}

async function readTokens(model: LanguageModel, residual: Tensor, ids: Tensor) {
  const signature = { ...types(model), ids: tensorType("int64", ["N"]) };
  const build = ({ weights, residual: rows, ids: wanted }: { weights: unknown; residual: Value; ids: Value }) => {
    const logits = logitsOf(model, weights, rows);
    return {
      surprises: crossEntropy(logits, wanted.expandDims(0), { reduction: "none" }),
      likeliest: logits.argMax({ axis: -1 }),
    };
  };
  const program = await model.program("edit read-out", () => compile(build as never, signature as never) as never);
  const found = await program.run({ weights: outerOf(model), residual, ids } as never);
  const { surprises, likeliest } = found as unknown as { surprises: Tensor<"float32">; likeliest: Tensor<"int64"> };
  return { surprises: surprises.data, likeliest: likeliest.data };
}

async function lastResiduals(model: LanguageModel, positions: readonly TextPosition[]): Promise<Tensor> {
  const tap = blockTap(model.config.layers - 1, "residual");
  return (await readAt(model, positions, [tap]))[tap]!;
}

function types({ plan, config }: LanguageModel) {
  const { blocks: _, ...outer } = plan;
  return { weights: outer as unknown, residual: tensorType("float32", ["N", config.hiddenSize]) } as never as {
    readonly weights: never;
    readonly residual: ReturnType<typeof tensorType<"float32">>;
  };
}

const outerOf = ({ source: { outer } }: LanguageModel): unknown => outer;

/** [N, C] → [1, N, V] */
function logitsOf({ family, config }: LanguageModel, weights: unknown, rows: Value): Value {
  const residual = rows.expandDims(0);
  const outer = weights as Omit<DecoderWeights, "blocks">;
  return family.unembed(residual, outer, { config, pass: { positions: residual } });
}
