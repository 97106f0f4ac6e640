/** Embeddings that were made elsewhere, in place of pictures: nothing is shown, everything else is measured. */
import { AssayError, stream, UsageError } from "#base";
import { type EmbeddingDump, type EmbeddingSource, openDump } from "#methods/concepts";
import { dumpPlaces } from "./dump-files.ts";
import type { Answered, Scene, Sources } from "./measures.ts";
import type { Settings } from "./settings.ts";

/** The share of a dump without a split of its own that is tested on. */
const testShare = 0.2;

/** What a dump gives a run, its images read from files until it is closed. */
export interface DumpedRun extends Disposable {
  readonly sources: Sources;
  readonly scene: Scene;
}

/** Some images of an opened dump, in an order. */
interface DumpPart {
  readonly dump: EmbeddingDump;
  readonly places: readonly number[];
}

/**
 * Opens a dump, or its `train` and `test`; perturbed embeddings beside the test ones give stability.
 *
 * @throws AssayError DUMP_INVALID, ATTENTION_MISSING; UsageError PICTURES_MISSING, LABELS_MISSING
 */
export function openDumps({ images: folder, weights }: Settings, seed: number): DumpedRun {
  using opened = new DisposableStack();
  const withoutAttention = weights === "uniform" ? "uniform" : "refuse";
  const open = (path: string) => opened.use(opening(() => openDump(path, { model: folder, withoutAttention })));
  const places = dumpPlaces(folder);
  const [known, asked] =
    "all" in places ? halves(open(places.all), seed) : [whole(open(places.train)), whole(open(places.test))];
  const classes = Math.max(known.dump.classes, asked.dump.classes);
  expectOneWidth(known.dump, asked.dump);
  const about = { width: known.dump.width, classes, model: folder };
  const test = { ...about, name: "test", ...imagesOf(asked) };
  const names = Array.from({ length: classes }, (_, label) => `class ${label}`);
  const run = {
    sources: { train: { ...about, name: "train", ...imagesOf(known) }, test, perturbed: perturbedOf(test, asked) },
    scene: {
      train: answersOf(known),
      test: answersOf(asked),
      classes,
      patch: 1,
      set: { classes: names, materials: [] },
    },
  };
  const held = opened.move();
  return { ...run, [Symbol.dispose]: () => held.dispose() };
}

/** The way out of missing attention, in words of the command line. */
function opening(open: () => EmbeddingDump): EmbeddingDump {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== "ATTENTION_MISSING") throw error;
    const [claim] = error.message.replace(/^concepts: /, "").split("; ");
    const wayOut = "ask the model for attention outputs, or count patches alike with --set weights=uniform";
    throw new UsageError("ATTENTION_MISSING", `pace: ${claim}; ${wayOut}`, { cause: error });
  }
}

function expectOneWidth(train: EmbeddingDump, test: EmbeddingDump): void {
  if (train.width === test.width) return;
  const claim = `Expected embeddings of one width, got ${train.width} in ${train.name} and ${test.width} in ${test.name}`;
  throw new AssayError("DUMP_INVALID", `pace: ${claim}; read both from the same layer of the same model`);
}

const whole = (dump: EmbeddingDump): DumpPart => ({ dump, places: Array.from({ length: dump.count }, (_, at) => at) });

function halves(dump: EmbeddingDump, seed: number): [DumpPart, DumpPart] {
  const order = stream(seed, "pace/split").shuffle(whole(dump).places);
  const held = Math.round(testShare * order.length);
  return [
    { dump, places: order.slice(held) },
    { dump, places: order.slice(0, held) },
  ];
}

function imagesOf({ dump, places }: DumpPart): Pick<EmbeddingSource, "count" | "images"> {
  function* images() {
    for (const place of places) yield dump.image(place);
  }
  return { count: places.length, images };
}

function perturbedOf(test: EmbeddingSource, { dump, places }: DumpPart): EmbeddingSource | undefined {
  if (!dump.hasPerturbed) return undefined;
  function* images() {
    for (const place of places) {
      const { perturbed, ...image } = dump.image(place);
      yield { ...image, ...perturbed! };
    }
  }
  return { ...test, name: "perturbed", images };
}

const answersOf = ({ dump, places }: DumpPart): Answered[] => places.map((place) => answered(dump.answer(place)));

function answered({ id, label, probabilities }: ReturnType<EmbeddingDump["answer"]>): Answered {
  if (label === undefined) {
    const claim = `Expected labels.npy, probabilities.npy or logits.npy beside the embeddings, got none for image ${id}`;
    throw new UsageError("LABELS_MISSING", `pace: ${claim}: faithfulness is measured against the model's answers`);
  }
  return { predicted: label, probabilities, picture: {} };
}
