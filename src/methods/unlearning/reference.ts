/** What the frozen start says of a batch, computed once and handed to the loss as numbers. */
import type { Tensor } from "#base";
import { compile, typesOf, type Value } from "#engine";
import type { LanguageModel, WeightTensors } from "#models";
import { figureOf, valuesAt } from "./figure.ts";
import { type ReferenceKind, type TextValues, textTypes, textView } from "./text-view.ts";
import type { TextTensors } from "./texts.ts";

/** What of the frozen start is asked for. */
export interface ReferenceOptions {
  readonly kinds: readonly ReferenceKind[];
  /** The layer whose residual is read. */
  readonly layer?: number | undefined;
  readonly threads?: number | undefined;
}

/** Gives a batch what it is compared with. */
export type ReferenceProgram = (batch: TextTensors) => Promise<Partial<Readonly<Record<ReferenceKind, Tensor>>>>;

/** Compiles the frozen start; nothing is computed where nothing is asked for. */
export async function compileReference(
  model: LanguageModel,
  weights: WeightTensors,
  { kinds, layer, threads }: ReferenceOptions,
): Promise<ReferenceProgram> {
  if (kinds.length === 0) return async () => ({});
  const { vocabularySize, hiddenSize } = model.config;
  const texts = textTypes(["B", "T"], { reference: [], vocabularySize, hiddenSize });
  const signature = { weights: typesOf(weights), texts };
  const build = (values: { weights: unknown; texts: TextValues }): Record<string, Value> => {
    const figure = figureOf(model, { texts: values.texts, weights: valuesAt(values.weights), layer });
    const view = textView(values.texts, figure);
    return Object.fromEntries(kinds.map((kind) => [kind, view[kind]]));
  };
  const program = await compile(build as never, signature, threads === undefined ? {} : { threads });
  return async (batch) =>
    (await program.run({ weights, texts: { ...batch, reference: {} } } as never)) as Readonly<
      Record<ReferenceKind, Tensor>
    >;
}
