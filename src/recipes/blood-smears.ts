/** `blood-smears`: a vision transformer that says whether a white cell lies in a part of a blood smear. */
import { smearClasses, smearWindows } from "#corpora";
import type { VisionModel } from "#models";
import { aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { picturesFolder, stride } from "./sign-digits.ts";
import { accuracyOf, trainViT } from "./train-vit.ts";

const shape = { image: 64, patch: 8, hiddenSize: 64, intermediateSize: 256, layers: 4, heads: 4 };
const settings = {
  batchSize: 32,
  steps: 800,
  learningRate: 1e-3,
  lastRate: 1e-5,
  warmUp: 100,
  clipNorm: 1,
  changes: { flip: true, shift: 4, light: 0.15 },
};
const optimizer = { beta2: 0.98, weightDecay: 0.05 };

/** White cells among red ones; its smears lie in ASSAY_SHARED and its weights are not committed. */
export const bloodSmearsRecipe: Miniature = {
  name: "blood-smears",
  description: "finds white cells in parts of blood smears, where the smears are at hand",
  train: trainBloodSmears,
};

async function trainBloodSmears(options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const all = (await smearWindows(picturesFolder(options))).filter((_, at) => at % stride(options.limit, 1402) === 0);
  const [known, tuned, held] = (["train", "val", "test"] as const).map((part) =>
    all.filter(({ split }) => split === part),
  );
  const recipe = {
    miniature: bloodSmearsRecipe.name,
    shape,
    labels: smearClasses,
    settings,
    optimizer,
    train: known!,
    test: tuned!,
    about: { windows: known!.length, lookedAt: tuned!.length, heldOut: held!.length },
    examine: async (model: VisionModel) => {
      const measured = {
        known: await accuracyOf(model, known!),
        lookedAt: await accuracyOf(model, tuned!),
        heldOut: await accuracyOf(model, held!),
      };
      const target = { direction: "at least", target: 0.9 } as const;
      return {
        aims: [aim("windows of smears never seen that are judged rightly", measured.heldOut, target)],
        measured,
      };
    },
  };
  return trainViT(recipe, options);
}
