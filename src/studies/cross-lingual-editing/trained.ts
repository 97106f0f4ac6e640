/** Training inside a run: the weights are an artefact of the step, so that a resumed run does not train again. */
import { type FinetuneExample, finetune } from "#methods/finetuning";
import type { LanguageModel } from "#models";
import type { Run } from "#runs";
import { bytesOfWeights, setWeights } from "./copied-model.ts";

/** What a model is taught, and how long. */
export interface Lessons {
  readonly examples: readonly FinetuneExample[];
  readonly steps: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly batchSize?: number;
  readonly signal: AbortSignal;
}

/** Trains a model in place, or gives it the weights that an earlier session of the run trained. @returns the last loss */
export async function trainedInStep(
  run: Run,
  name: string,
  { model, lessons }: { readonly model: LanguageModel; readonly lessons: Lessons },
): Promise<number> {
  const { examples, steps, learningRate, seed, signal, batchSize = 8 } = lessons;
  const { artefact, loss } = await run.step(name, async () => {
    const found = await finetune(model, { examples, steps, learningRate, seed, signal, batchSize, threads: 1 });
    signal.throwIfAborted();
    return { artefact: run.putArtefact(bytesOfWeights(model)), loss: found.loss! };
  });
  setWeights(model, run.getArtefact(artefact));
  return loss;
}
