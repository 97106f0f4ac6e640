/** What the paper's experiment takes on this machine, before anything is loaded. */
import { findModel, openVisionFolder, productSpeed, type VisionConfig } from "#models";
import type { Settings } from "./settings.ts";

/** Pictures that are looked at, and how many of these are learnt from and asked about. */
export interface Looks {
  readonly looked: number;
  readonly known: number;
  readonly asked: number;
}

/** What one pass over the pictures needs. */
export interface Cost {
  readonly patches: number;
  readonly width: number;
  /** Embeddings on disk while the run goes on. */
  readonly diskBytes: number;
  /** Of the whole process: weights, a part of the pictures, what is kept of each, and θ and φ of test pictures. */
  readonly memoryBytes: number;
  readonly seconds: number;
  readonly flopsPerSecond: number;
}

/** Test pictures whose patches' concepts are kept: what is shown is chosen among them. */
export const patchesKept = 1000;

/** A part of the pictures, its copies while it is written, and what the model holds while it looks. */
const partBytes = 2 ** 28;

type Sizes = Pick<VisionConfig, "imageSize" | "patchSize" | "hiddenSize" | "layers">;

/** The model of the paper: google/vit-base-patch16-224. */
const ofThePaper: { readonly config: Sizes; readonly parameters: number } = {
  config: { imageSize: [224, 224], patchSize: [16, 16], hiddenSize: 768, layers: 12 },
  parameters: 86_567_656,
};

async function sizesOf(place: string | undefined): Promise<typeof ofThePaper> {
  if (place === undefined) return ofThePaper;
  const opened = openVisionFolder(await findModel(place));
  opened.checkpoint.close();
  return opened;
}

/**
 * Predicts disk, memory and the time of looking at pictures from the model's sizes and the speed of a product of its MLP's shape.
 *
 *     multiplications of a picture = T · parameters + 2 T² C L
 *
 * @throws AssayError what openVisionFolder() throws
 */
export async function predictCost(
  place: string | undefined,
  { looked, known, asked }: Looks,
  { concepts, conceptPath }: Settings,
): Promise<Cost> {
  const { config, parameters } = await sizesOf(place);
  const { imageSize, patchSize, hiddenSize: width, layers } = config;
  const patches = Math.floor(imageSize[0] / patchSize[0]) * Math.floor(imageSize[1] / patchSize[1]);
  const tokens = patches + 1;
  const speed = await productSpeed({ hiddenSize: width, intermediateSize: 4 * width }, tokens);
  const most = concepts === 0 ? Math.max(...conceptPath) : concepts;
  const explained = 8 * most * (3 * (known + 2 * asked) + patches * Math.min(asked, patchesKept));
  return {
    patches,
    width,
    flopsPerSecond: speed,
    diskBytes: 4 * patches * width * looked,
    memoryBytes: process.memoryUsage().rss + 4 * parameters + partBytes + explained + 4 * patches * looked,
    seconds: (2 * (tokens * parameters + 2 * tokens ** 2 * width * layers) * looked) / speed,
  };
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e9 ? 2 : 1)} GB`;

const lasting = (seconds: number): string =>
  seconds < 100
    ? `${seconds.toFixed(0)} s`
    : seconds < 6000
      ? `${(seconds / 60).toFixed(0)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

/** The prediction in words. */
export function costNotes(
  place: string,
  { patches, width, diskBytes, memoryBytes, seconds, flopsPerSecond }: Cost,
): string[] {
  return [
    `${place}: embeddings of ${patches} × ${width} numbers a picture, ${gigabytes(diskBytes)} on disk while the run goes on`,
    `${place}: about ${gigabytes(memoryBytes)} of memory, whatever the number of pictures but for their θ`,
    `${place}: looking takes about ${lasting(seconds)} at ${(flopsPerSecond / 1e9).toFixed(0)} GFLOP/s measured now; explaining comes on top`,
  ];
}
