/** Explanations of pictures by one method, in one form for all. */
import { join } from "node:path";
import { type Tensor, UsageError } from "#base";
import { listFolder, type Pixels, preparedPixels } from "#formats";
import {
  type Attribution,
  type AttributionMethod,
  adversarialGradients,
  integratedGradients,
  kernelShap,
  lime,
  saliency,
} from "#methods/attribution";
import {
  type ConceptModel,
  type EmbeddedImage,
  embedPictures,
  explainAll,
  fitConcepts,
  loadConcepts,
  saveConcepts,
  visionSource,
} from "#methods/concepts";
import { type Extent, pixelsOf, type VisionModel } from "#models";

/** How pictures are explained. */
export type ExplainMethod = "concepts" | "attention" | AttributionMethod;

/** What is explained, and how. */
export interface ExplainPicturesOptions {
  readonly pictures: readonly string[];
  readonly method: ExplainMethod;
  /** Counted from the end. */
  readonly layer: number;
  readonly concepts?: string;
  readonly learn?: string;
  readonly save?: string;
  readonly count?: number;
  readonly label?: number;
  tell(text: string): void;
}

/** One picture explained. J patches · K concepts, or 1 score */
export interface ExplainedPicture {
  readonly file: string;
  /** As the model saw it. */
  readonly pixels: Pixels;
  readonly grid: Extent;
  readonly className: string;
  readonly probability: number;
  /** θ [K]; empty for scores. */
  readonly shares: readonly number[];
  /** [J][K] */
  readonly patches: readonly (readonly number[])[];
}

/** Pictures explained. */
export interface Explanation {
  readonly model: string;
  readonly method: ExplainMethod;
  readonly kind: "concepts" | "scores";
  /** The method in file names. */
  readonly word: string;
  /** Where the explanation comes from, in one sentence. */
  readonly source: string;
  readonly pictures: readonly ExplainedPicture[];
}

interface SeenPicture {
  readonly file: string;
  readonly pixels: Pixels;
  readonly picture: Tensor;
  readonly grid: Extent;
  readonly image: EmbeddedImage;
}

/** Explains pictures. @throws UsageError PICTURES_MISSING; AssayError PICTURE_UNREADABLE, and what the method throws */
export async function explainPictures(model: VisionModel, options: ExplainPicturesOptions): Promise<Explanation> {
  const seen: SeenPicture[] = [];
  for (const file of options.pictures) seen.push(await look(model, file, options.layer));
  const parts =
    options.method === "concepts" ? await byConcepts(model, seen, options) : await byScores(model, seen, options);
  const word = options.method.toLowerCase().replaceAll(" ", "-");
  return { model: model.name, method: options.method, word, ...parts };
}

async function look(model: VisionModel, file: string, layer: number): Promise<SeenPicture> {
  const pixels = preparedPixels(await pixelsOf(file), model.pictures);
  const picture = await model.picture(file);
  const { images, grid } = await embedPictures(model, [{ id: file, picture }], { layer });
  return { file, pixels, picture, grid, image: images[0]! };
}

const answerOf = (model: VisionModel, { file, pixels, grid, image }: SeenPicture) => ({
  file,
  pixels,
  grid,
  className: model.requireLabels()[image.label!]!,
  probability: image.probabilities![image.label!]!,
});

async function byConcepts(model: VisionModel, seen: readonly SeenPicture[], options: ExplainPicturesOptions) {
  const { layer } = options;
  const { concepts, source } = await conceptsFor(model, seen, options);
  const own = visionSource(model, imagesOf(seen), { name: "the pictures", layer });
  const explained = await explainAll(concepts, own);
  const pictures = seen.map((one, at) => {
    const { theta, patches } = explained[at]!;
    const rows = Array.from({ length: patches!.length / theta.length }, (_, j) =>
      Array.from(patches!.subarray(j * theta.length, (j + 1) * theta.length)),
    );
    return { ...answerOf(model, one), shares: [...theta], patches: rows };
  });
  return { kind: "concepts" as const, source, pictures };
}

const imagesOf = (seen: readonly SeenPicture[]): EmbeddedImage[] => seen.map(({ image }) => image);

/** Concepts that were kept, or that are learned from a folder or from the pictures themselves. */
async function conceptsFor(
  model: VisionModel,
  seen: readonly SeenPicture[],
  { concepts: kept, learn, save, count, layer, tell }: ExplainPicturesOptions,
): Promise<{ readonly concepts: ConceptModel; readonly source: string }> {
  if (kept !== undefined) {
    return { concepts: loadConcepts(kept.replace(/\.(json|safetensors)$/, "")), source: `concepts of ${kept}` };
  }
  const learned = learn === undefined ? seen : await lookAtFolder(model, learn, { layer, tell });
  const patches = learned.reduce((sum, { image }) => sum + image.attention.length, 0);
  const wanted = count ?? Math.max(1, Math.min(8, Math.floor(patches / 8)));
  const dimensions = Math.min(8, model.config.hiddenSize);
  const source = visionSource(model, imagesOf(learned), { name: learn ?? "the pictures", layer });
  const concepts = await fitConcepts(source, { concepts: wanted, dimensions });
  if (save !== undefined) saveConcepts(save.replace(/\.(json|safetensors)$/, ""), concepts);
  const from =
    learn === undefined ? `these ${learned.length} pictures alone` : `${learned.length} pictures of ${learn}`;
  return { concepts, source: `${wanted} concepts learned from ${from}` };
}

const isPicture = (name: string): boolean => /\.(jpe?g|png|webp|gif|tiff?|avif|svg)$/i.test(name);

async function lookAtFolder(
  model: VisionModel,
  folder: string,
  { layer, tell }: Pick<ExplainPicturesOptions, "layer" | "tell">,
): Promise<SeenPicture[]> {
  const files = listFolder(folder, { followLinks: true }).filter(({ name }) => isPicture(name));
  if (files.length === 0) {
    throw new UsageError("PICTURES_MISSING", `assay: Expected pictures in ${folder} to learn from, found none`);
  }
  tell(`Looking at ${files.length} pictures of ${folder}`);
  const seen: SeenPicture[] = [];
  for (const { name } of files) seen.push(await look(model, join(folder, name), layer));
  return seen;
}

type Scoring = (input: { model: VisionModel; picture: Tensor; label?: number }) => Promise<ArrayLike<number>>;

const patchesOf = (found: Promise<Attribution>) => found.then(({ patches }) => patches);

/** How each attribution method speaks of patches. */
const scorings = {
  saliency: (input) => patchesOf(saliency(input)),
  "integrated gradients": (input) => patchesOf(integratedGradients(input)),
  AGI: (input) => patchesOf(adversarialGradients(input)),
  LIME: async (input) => (await lime(input)).values,
  SHAP: async (input) => (await kernelShap(input, { samples: 2000 })).values,
} as const satisfies Record<AttributionMethod, Scoring>;

async function byScores(model: VisionModel, seen: readonly SeenPicture[], options: ExplainPicturesOptions) {
  const { method, label } = options;
  const pictures: ExplainedPicture[] = [];
  for (const one of seen) {
    const input = { model, picture: one.picture, ...(label === undefined ? {} : { label }) };
    const scores = method === "attention" ? one.image.attention : await scorings[method as AttributionMethod](input);
    pictures.push({ ...answerOf(model, one), shares: [], patches: Array.from(scores, (score) => [score]) });
  }
  const about = label === undefined ? "each picture's own answer" : `"${model.requireLabels()[label]}"`;
  const source =
    method === "attention"
      ? "attention of the class token in the last block, mean over heads"
      : `${method} for ${about}; vermilion speaks for it, blue against`;
  return { kind: "scores" as const, source, pictures };
}
