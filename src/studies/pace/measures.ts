/** Every number that one explainer is given, from what it says of train, test and perturbed pictures. */
import { type Interval, mean } from "#base";
import { type ConceptMap, faithfulness, labelAgreement, pointing, sparsity, stability } from "#evals/metrics";
import type { EmbeddingSource, FittedExplainer, ImageExplanation } from "#methods/concepts";
import { patchesKept } from "./cost.ts";
import { meanOverImages, type PerImage, shareOfImages } from "./over-images.ts";
import type { PictureSet, StudyPicture } from "./pictures.ts";

/** What an explainer says of all pictures. */
export interface Explained {
  readonly train: readonly ImageExplanation[];
  readonly test: readonly ImageExplanation[];
  readonly perturbed: readonly ImageExplanation[];
}

/** The sources of a run. */
export interface Sources {
  readonly train: EmbeddingSource;
  readonly test: EmbeddingSource;
  /** Absent where nobody perturbed anything. */
  readonly perturbed: EmbeddingSource | undefined;
}

/** At most so many places of a list, evenly spread: lists are sorted by class. */
export const spreadPlaces = (length: number, most: number): number[] =>
  Array.from({ length: Math.min(length, most) }, (_, at) => Math.floor((at * length) / Math.min(length, most)));

/** Explanations, with φ at so many places and with θ alone elsewhere. */
async function all(
  explained: AsyncIterable<ImageExplanation>,
  { count, withPatches }: { readonly count: number; readonly withPatches: number },
): Promise<ImageExplanation[]> {
  const kept = new Set(spreadPlaces(count, withPatches));
  const found: ImageExplanation[] = [];
  for await (const { patches, ...one } of explained) {
    found.push(patches === undefined || !kept.has(found.length) ? one : { ...one, patches });
  }
  return found;
}

/** Explains every picture of a run; φ, which is large, stays only of pictures whose patches are looked at later. */
export async function explainEverything(
  { explain }: Pick<FittedExplainer, "explain">,
  { train, test, perturbed }: Sources,
  { materials, target }: Pick<PictureSet, "materials" | "target">,
): Promise<Explained> {
  const everything = Number.POSITIVE_INFINITY;
  return {
    train: await all(explain(train), { count: train.count, withPatches: target === undefined ? 0 : everything }),
    test: await all(explain(test), { count: test.count, withPatches: materials.length > 0 ? everything : patchesKept }),
    perturbed: perturbed === undefined ? [] : await all(explain(perturbed), { count: perturbed.count, withPatches: 0 }),
  };
}

/** A number and how many things it was taken from. */
export interface Measured {
  readonly value: number | null;
  readonly n: number;
  /** Over test images. */
  readonly interval?: Interval;
  /** By test image, where the number is their mean. */
  readonly each?: PerImage;
}

/** A number that is a mean over test images. */
function averaged(value: number, each: PerImage, interval = meanOverImages(each)): Measured {
  return { value, n: each.length, each, ...(interval === undefined ? {} : { interval }) };
}

/** What the model said of a picture, and what is known of its patches. */
export interface Answered {
  readonly predicted: number;
  readonly probabilities?: ArrayLike<number> | undefined;
  readonly picture: Pick<StudyPicture, "truth" | "clear">;
}

/** What is known of the pictures that were explained. */
export interface Scene {
  readonly train: readonly Answered[];
  readonly test: readonly Answered[];
  readonly set: Pick<PictureSet, "classes" | "materials" | "target">;
  readonly classes: number;
  /** Pixels along a patch's edge. */
  readonly patch: number;
}

/** The five desiderata and what keeps them honest, by name. Source   Wang et al. 2024, PACE, §5.1 */
export function scoresOf(explained: Explained, scene: Scene, size: number): Record<string, Measured> {
  const thetas = (list: readonly ImageExplanation[]) => list.map(({ theta }) => theta);
  const [train, test] = [thetas(explained.train), thetas(explained.test)];
  const answers = (seen: readonly Answered[]) => seen.map(({ predicted }) => predicted);
  const told = faithfulness({
    train: { rows: train, labels: answers(scene.train) },
    test: {
      rows: test,
      labels: answers(scene.test),
      ...softTruth(scene.test),
    },
    classes: scene.classes,
  });
  const n = test.length;
  const sparse = sparsity(test);
  return {
    faithfulness: averaged(told.hard, told.perImage, shareOfImages(told.perImage)),
    softFaithfulness: { value: told.soft, n },
    chance: { value: told.chance, n },
    ...steadiness(test, thetas(explained.perturbed)),
    sparsity: averaged(sparse.value, sparse.perImage),
    parsimony: { value: size, n: 1 },
    ...agreementWithTruth(explained.test, scene),
    ...pointingAtTarget(explained, scene),
  };
}

/** The model's probabilities, where every picture has them. */
function softTruth(test: readonly Answered[]): { probabilities?: ArrayLike<number>[] } {
  const found = test.flatMap(({ probabilities }) => (probabilities === undefined ? [] : [probabilities]));
  return found.length === test.length ? { probabilities: found } : {};
}

function steadiness(test: readonly Float64Array[], perturbed: readonly Float64Array[]): Record<string, Measured> {
  if (perturbed.length === 0) return {};
  const { raw, corrected, retrieval, perImage } = stability(test, perturbed);
  const n = test.length;
  return {
    stability: averaged(raw, perImage),
    correctedStability: { value: corrected, n },
    retrieval: { value: retrieval, n },
  };
}

/** The most likely concept of each patch. Shapes   φ [J, K] → [J] */
export function hardest(patches: Float64Array, concepts: number): number[] {
  return Array.from({ length: patches.length / concepts }, (_, j) => {
    const row = patches.subarray(j * concepts, (j + 1) * concepts);
    return row.indexOf(row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY));
  });
}

function agreementWithTruth(
  test: readonly ImageExplanation[],
  { test: seen, set, patch }: Scene,
): Record<string, Measured> {
  if (set.materials.length === 0 || test[0]?.patches === undefined) return {};
  const [found, truth, clear]: [number[], number[], boolean[]] = [[], [], []];
  for (const [at, { patches, theta }] of test.entries()) {
    const { picture } = seen[at]!;
    const own = picture.truth!(patch);
    found.push(...hardest(patches!, theta.length).slice(-own.length));
    truth.push(...own);
    clear.push(...(picture.clear?.(patch) ?? []));
  }
  const { purity, nmi, ari } = labelAgreement(found, truth);
  const n = found.length;
  const interval = meanOverImages(purityByImage(found, truth, test.length));
  const most = commonest(truth);
  return {
    purity: { value: purity, n, ...(interval === undefined ? {} : { interval }) },
    purityChance: { value: truth.filter((material) => material === most).length / n, n },
    nmi: { value: nmi, n },
    ari: { value: ari, n },
    ...clearPurity(found, truth, clear),
  };
}

/** For each image the share of its patches that show what their concept shows most, in all images. */
function purityByImage(found: readonly number[], truth: readonly number[], images: number): number[] {
  const own = new Map(
    [...Map.groupBy(found.keys(), (at) => found[at]!)].map(([k, places]) => [
      k,
      commonest(places.map((at) => truth[at]!)),
    ]),
  );
  const count = found.length / images;
  return Array.from({ length: images }, (_, image) =>
    mean(
      Array.from({ length: count }, (_, j) => Number(own.get(found[image * count + j]!) === truth[image * count + j]!)),
    ),
  );
}

const commonest = (values: readonly number[]): number =>
  [...Map.groupBy(values, (one) => one)].reduce((most, one) => (one[1].length > most[1].length ? one : most))[0];

/** Purity over patches that show hardly more than one material: between two of them no concept can be pure. */
function clearPurity(
  found: readonly number[],
  truth: readonly number[],
  clear: readonly boolean[],
): Record<string, Measured> {
  const places = [...clear.keys()].filter((at) => clear[at]);
  if (places.length === 0) return {};
  const of = (labels: readonly number[]) => places.map((at) => labels[at]!);
  return { clearPurity: { value: labelAgreement(of(found), of(truth)).purity, n: places.length } };
}

/** The concept whose training φ goes most with the target's patches, and how well it points at them in test pictures. */
function pointingAtTarget(
  { train, test }: Explained,
  { train: known, test: seen, set, patch }: Scene,
): Record<string, Measured> {
  const { target } = set;
  if (target === undefined || train[0]?.patches === undefined) return {};
  const insideOf = ({ picture }: Answered) => picture.truth!(patch).map((material) => material === target.material);
  const maps = (list: readonly ImageExplanation[], pictures: readonly Answered[], k: number): ConceptMap[] =>
    list.map(({ patches, theta }, at) => {
      const inside = insideOf(pictures[at]!);
      const values = Array.from({ length: patches!.length / theta.length }, (_, j) => patches![j * theta.length + k]!);
      return { values: values.slice(-inside.length), inside };
    });
  const concepts = train[0].theta.length;
  const scores = Array.from({ length: concepts }, (_, k) => pointing(maps(train, known, k)).iou ?? 0);
  const best = scores.indexOf(Math.max(...scores));
  const found = pointing(maps(test, seen, best));
  return {
    pointing: { value: found.accuracy, n: found.n },
    pointingChance: { value: found.chance, n: found.n },
    iou: { value: found.iou, n: found.n },
  };
}

/** The largest fall between comparable bounds, over the bound's size: 0 where none falls. */
export function largestFall(trace: readonly { readonly bound: number; readonly changed: boolean }[]): number {
  const falls = trace
    .slice(1)
    .map(({ bound, changed }, at) => (changed ? 0 : Math.max(0, trace[at]!.bound - bound) / Math.abs(bound)));
  return Math.max(0, ...falls);
}

/** Mean θ of the pictures of each answer. Shapes   → [N][K], empty where no picture got the answer */
export function classMeans(
  test: readonly ImageExplanation[],
  answers: readonly number[],
  classes: number,
): (number[] | null)[] {
  return Array.from({ length: classes }, (_, label) => {
    const own = test.filter((_, at) => answers[at] === label);
    if (own.length === 0) return null;
    return Array.from(own[0]!.theta, (_, k) => mean(own.map(({ theta }) => theta[k]!)));
  });
}
