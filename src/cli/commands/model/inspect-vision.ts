/** What `assay model inspect` says of models that see. */
import type { PictureSettings } from "#formats";
import {
  type DualEncoderFolder,
  dualEncoderTaps,
  openDualEncoderFolder,
  openVisionFolder,
  readThreshold,
  storageOfCheckpoint,
  type VisionFolder,
  visionTaps,
} from "#models";
import { type Desk, printJson, printTable } from "../../desk.ts";
import { megabytes } from "./fetch-notice.ts";

/** Where a model is, and how it is shown. */
export interface InspectVisionOptions {
  readonly place: string;
  readonly json: boolean | undefined;
}

/** Prints an image classifier. */
export function inspectVision(folder: string, { place, json }: InspectVisionOptions, desk: Desk): void {
  const model = openVisionFolder(folder);
  model.checkpoint.close();
  const { family, config, plan, pictures } = model;
  const hasClassifier = plan.head !== undefined;
  const document = {
    ...partsOf(place, model),
    kind: "vision" as const,
    family: family.name,
    config: { ...config },
    pictures: { ...pictures },
    taps: visionTaps,
    classes: hasClassifier ? [...config.labels] : null,
  };
  if (json) {
    printJson(desk, "model inspect", document);
    return;
  }
  const { layers, hiddenSize, heads, imageSize, patchSize, labels, hasDistillationToken } = config;
  const [down, across] = [0, 1].map((axis) => Math.floor(imageSize[axis]! / patchSize[axis]!));
  const rows = [
    ["family", `${family.name}, an image classifier`],
    ["blocks", `${layers}, hidden size ${hiddenSize}, ${heads} heads`],
    [
      "pictures",
      `${imageSize.join(" × ")} pixels: ${down} × ${across} patches of ${patchSize.join(" × ")}; others are interpolated`,
    ],
    ["tokens", `class token${hasDistillationToken ? ", distillation token" : ""}, then patches`],
    ["classes", hasClassifier ? `${labels.length}: ${few(labels)}` : "no classifier in the checkpoint"],
    ["each picture", settingsText(pictures)],
  ];
  printParts(document, { rows, taps: visionTaps }, desk);
}

/** Prints an encoder of pictures and texts. */
export function inspectDualEncoder(folder: string, { place, json }: InspectVisionOptions, desk: Desk): void {
  const model = openDualEncoderFolder(folder);
  model.checkpoint.close();
  const { config, pictures, tokenizer } = model;
  const threshold = readThreshold(folder) ?? null;
  const document = {
    ...partsOf(place, model),
    kind: "dual encoder" as const,
    family: "clip",
    config: { ...config },
    pictures: { ...pictures },
    taps: dualEncoderTaps,
    threshold,
    tokenizer: tokenizer === undefined ? null : { vocabularySize: tokenizer.vocabularySize },
  };
  if (json) {
    printJson(desk, "model inspect", document);
    return;
  }
  const { vision, text, projectionSize } = config;
  const tower = ({ layers, hiddenSize, heads }: { layers: number; hiddenSize: number; heads: number }) =>
    `${layers} blocks, hidden size ${hiddenSize}, ${heads} heads`;
  const rows = [
    ["family", "clip, an encoder of pictures and texts"],
    ["sees", `${tower(vision)}; ${vision.imageSize.join(" × ")} pixels, patches of ${vision.patchSize.join(" × ")}`],
    ["reads", `${tower(text)}; vocabulary ${text.vocabularySize}, context ${text.contextLength}`],
    ["vectors", `${projectionSize} numbers`],
    ["each picture", settingsText(pictures)],
    ["tokenizer", tokenizer === undefined ? "none" : `${tokenizer.vocabularySize} tokens`],
    [
      "as a subject",
      `retrieval baseline; below a cosine of ${threshold ?? "0.25, as nobody measured one,"} it answers -1`,
    ],
  ];
  printParts(document, { rows, taps: dualEncoderTaps }, desk);
}

function partsOf(place: string, model: VisionFolder | DualEncoderFolder) {
  const { parameters, unknownKeys, spareTensors } = model;
  return { model: place, parameters, unknownKeys, spareTensors, storage: storageOfCheckpoint(model) };
}

interface Shown {
  readonly rows: readonly (readonly string[])[];
  readonly taps: typeof visionTaps;
}

function printParts(parts: ReturnType<typeof partsOf>, { rows, taps }: Shown, desk: Desk): void {
  const { parameters, storage, unknownKeys, spareTensors } = parts;
  const common = [
    ["parameters", parameters.toLocaleString("en")],
    ["on disk", `${megabytes(storage.bytes)}, ${Object.keys(storage.types).join(", ")}`],
    ["unknown keys", unknownKeys.join(", ") || "none"],
    ["spare tensors", spareTensors.slice(0, 3).join(", ") || "none"],
  ];
  printTable(desk, [["what", "found"], ...rows, ...common]);
  desk.print("");
  const tapRows = Object.entries(taps).map(([name, { shape, meaning }]) => [name, shape, meaning]);
  printTable(desk, [["tap", "shape", ""], ...tapRows]);
}

const few = (labels: readonly string[]): string =>
  labels.length <= 5 ? labels.join(", ") : `${labels.slice(0, 3).join(", ")} … ${labels.at(-1)}`;

function settingsText({ resize, crop, rescale, normalize }: PictureSettings): string {
  const size = resize?.size;
  const resized =
    size === undefined
      ? "keeps its size"
      : "shortestEdge" in size
        ? `${resize!.filter} to ${size.shortestEdge} on the shorter edge`
        : `${resize!.filter} to ${size.height} × ${size.width}`;
  const steps = [
    resized,
    ...(crop === null ? [] : [`its middle ${crop.height} × ${crop.width}`]),
    ...(rescale === null ? [] : [`times ${Number(rescale.toPrecision(4))}`]),
    ...(normalize === null ? [] : [`less ${normalize.mean.join(", ")}, over ${normalize.deviation.join(", ")}`]),
  ];
  return steps.join("; ");
}
