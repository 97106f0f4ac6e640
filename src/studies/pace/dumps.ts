/** Embeddings that were made elsewhere, in place of pictures: nothing is shown, everything else is measured. */
import { stream, UsageError } from "#base";
import { type EmbeddedImage, type EmbeddingSource, openDump, sourceOfImages } from "#methods/concepts";
import { filesOf } from "./dump-files.ts";
import type { Answered, Scene, Sources } from "./measures.ts";
import type { Settings } from "./settings.ts";

/** The share of a dump without a split of its own that is tested on. */
const testShare = 0.2;

/** What a dump gives a run. */
export interface DumpedRun {
  readonly sources: Sources;
  readonly scene: Scene;
}

/**
 * Opens a dump, or its `train` and `test`; perturbed embeddings beside the test ones give stability.
 *
 * @throws AssayError DUMP_INVALID, ATTENTION_MISSING; UsageError PICTURES_MISSING, LABELS_MISSING
 */
export function openDumps({ images: folder, weights }: Settings, seed: number): DumpedRun {
  const files = filesOf(folder);
  const options = { withoutAttention: weights === "uniform" ? "uniform" : "refuse" } as const;
  const read = (path: string) => {
    const dump = openDump(path, { ...options, model: folder });
    const images = [...(dump.images() as Iterable<EmbeddedImage>)];
    dump.close();
    return { images, width: dump.width, classes: dump.classes };
  };
  const hasSplit = files.some(({ name }) => name.startsWith("train/"));
  const [known, asked] = hasSplit ? [read(`${folder}/train`), read(`${folder}/test`)] : halves(read(folder), seed);
  const classes = Math.max(known.classes, asked.classes);
  const about = { width: known.width, classes, model: folder };
  const sourceOf = (images: readonly EmbeddedImage[], name: string) => sourceOfImages(images, { ...about, name });
  const test = sourceOf(asked.images, "test");
  const names = Array.from({ length: classes }, (_, label) => `class ${label}`);
  return {
    sources: { train: sourceOf(known.images, "train"), test, perturbed: perturbedOf(test, asked.images) },
    scene: {
      ...{ train: known.images.map(answered), test: asked.images.map(answered), classes, patch: 1 },
      set: { classes: names, materials: [] },
    },
  };
}

interface Read {
  readonly images: EmbeddedImage[];
  readonly width: number;
  readonly classes: number;
}

function halves(all: Read, seed: number): [Read, Read] {
  const order = stream(seed, "pace/split").shuffle(all.images);
  const held = Math.round(testShare * order.length);
  return [
    { ...all, images: order.slice(held) },
    { ...all, images: order.slice(0, held) },
  ];
}

function perturbedOf(test: EmbeddingSource, images: readonly EmbeddedImage[]): EmbeddingSource | undefined {
  if (images.some(({ perturbed }) => perturbed === undefined)) return undefined;
  return {
    ...test,
    name: "perturbed",
    images: () => images.map(({ perturbed, ...image }) => ({ ...image, ...perturbed! })),
  };
}

function answered({ id, label, probabilities }: EmbeddedImage): Answered {
  if (label === undefined) {
    const claim = `Expected labels.npy, probabilities.npy or logits.npy beside the embeddings, got none for image ${id}`;
    throw new UsageError("LABELS_MISSING", `pace: ${claim}: faithfulness is measured against the model's answers`);
  }
  return { predicted: label, probabilities, picture: {} };
}
