/** `sign-digits`: a vision transformer that reads the digits of a sign language from photos of hands. */
import { join } from "node:path";
import { signDigitClasses, signDigits } from "#corpora";
import type { VisionModel } from "#models";
import { aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { accuracyOf, trainViT } from "./train-vit.ts";

const shape = { image: 48, patch: 6, hiddenSize: 64, intermediateSize: 256, layers: 4, heads: 4 };
const settings = {
  batchSize: 32,
  steps: 2500,
  learningRate: 1e-3,
  lastRate: 1e-5,
  warmUp: 200,
  clipNorm: 1,
  changes: { flip: true, shift: 5, light: 0.2 },
};
const optimizer = { beta2: 0.98, weightDecay: 0.05 };

/** Ten digits, shown by hands; its photos lie in ASSAY_SHARED and its weights are not committed. */
export const signDigitsRecipe: Miniature = {
  name: "sign-digits",
  description: "reads the ten digits of a sign language, where their photos are at hand",
  train: trainSignDigits,
};

async function trainSignDigits(options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const all = (await signDigits(picturesFolder(options))).filter((_, at) => at % stride(options.limit, 1000) === 0);
  const [known, held] = [all.filter(({ split }) => split === "train"), all.filter(({ split }) => split === "test")];
  const recipe = {
    miniature: signDigitsRecipe.name,
    shape,
    labels: signDigitClasses,
    settings,
    optimizer,
    train: known,
    test: held,
    about: { pictures: known.length, heldOut: held.length },
    examine: async (model: VisionModel) => {
      const measured = { known: await accuracyOf(model, known), heldOut: await accuracyOf(model, held) };
      const target = { direction: "at least", target: 0.8 } as const;
      return { aims: [aim("photos never seen that are read rightly", measured.heldOut, target)], measured };
    },
  };
  return trainViT(recipe, options);
}

/** Where the packed pictures of hands and blood lie. */
export const picturesFolder = ({ data = process.env.ASSAY_SHARED ?? "../shared" }: TrainMiniatureOptions): string =>
  join(data, "data/pace");

/** Every so manieth of `count`, to keep about `limit`. */
export const stride = (limit: number | undefined, count: number): number =>
  limit === undefined ? 1 : Math.max(1, Math.floor(count / limit));
