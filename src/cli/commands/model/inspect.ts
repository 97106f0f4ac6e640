import { totalmem } from "node:os";
import type { Command } from "commander";
import { readChatTemplates } from "#formats";
import {
  blockTaps,
  isDualEncoderType,
  isVisionType,
  type ModelFolder,
  modelTaps,
  modelTypeOf,
  openModelFolder,
  type Preflight,
  preflight,
  storageOfCheckpoint,
} from "#models";
import { wholeNumber } from "../../assignments.ts";
import { type Desk, printJson, printTable } from "../../desk.ts";
import { megabytes } from "./fetch-notice.ts";
import { inspectDualEncoder, inspectVision } from "./inspect-vision.ts";
import { addOpenOptions, type OpenFlags, openFolder } from "./open.ts";

interface InspectFlags extends OpenFlags {
  readonly tokens: number;
}

/** `assay model inspect MODEL`: what a model is and what it will take, before anything is loaded. */
export function addInspect(program: Command, desk: Desk): void {
  addOpenOptions(program.command("inspect"))
    .option("--tokens <n>", "predict a pass over so many tokens", wholeNumber("--tokens", 1), 128)
    .description("family, size, what is unknown about it, predicted memory and time, names of its activations")
    .action(async (place: string, flags: InspectFlags) => {
      const folder = await openFolder(place, desk);
      const type = modelTypeOf(folder);
      if (isVisionType(type)) return inspectVision(folder, { place, json: flags.json }, desk);
      if (isDualEncoderType(type)) return inspectDualEncoder(folder, { place, json: flags.json }, desk);
      const model = openModelFolder(folder);
      try {
        const tokens = Math.min(flags.tokens, model.config.contextLength);
        const predicted = await preflight(model, { tokens, memory: flags.memory ?? totalmem() / 2 });
        if (flags.json) printJson(desk, "model inspect", documentOf(place, model, predicted));
        else printModel(place, { model, predicted }, desk);
      } finally {
        model.checkpoint.close();
      }
    });
}

function documentOf(place: string, model: ModelFolder, predicted: Preflight) {
  const { family, parameters, config, tokenizer, unknownKeys, spareTensors, folder } = model;
  const inBlocks = Object.entries(blockTaps).map(([name, about]) => [`blocks.N.${name}`, about]);
  return {
    model: place,
    family: family.name,
    parameters,
    config: { ...config },
    unknownKeys,
    spareTensors,
    predicted,
    storage: storageOfCheckpoint(model),
    tokenizer: tokenizer === undefined ? null : { vocabularySize: tokenizer.vocabularySize },
    hasChatTemplate: readChatTemplates(folder).size > 0,
    taps: { ...modelTaps, ...(Object.fromEntries(inBlocks) as typeof blockTaps) },
  };
}

function printModel(
  place: string,
  { model, predicted }: { model: ModelFolder; predicted: Preflight },
  desk: Desk,
): void {
  const { family, parameters, storage, tokenizer, hasChatTemplate, unknownKeys, spareTensors, taps } = documentOf(
    ...([place, model, predicted] as const),
  );
  const { layers, hiddenSize, heads, keyValueHeads, vocabularySize, contextLength, isTied } = model.config;
  const { isStreamed, memoryBytes, loadSeconds, passSeconds, decodeSeconds, tokens } = predicted;
  const rows = [
    ["family", family],
    ["parameters", parameters.toLocaleString("en")],
    ["blocks", `${layers}, hidden size ${hiddenSize}, ${heads} heads (${keyValueHeads} of keys and values)`],
    ["vocabulary", `${vocabularySize}${isTied ? ", head tied to the embedding" : ""}, context ${contextLength}`],
    ["on disk", `${megabytes(storage.bytes)}, ${Object.keys(storage.types).join(", ")}`],
    ["tokenizer", tokenizer === null ? "none" : `${tokenizer.vocabularySize} tokens`],
    ["chat template", hasChatTemplate ? "yes" : "none"],
    ["unknown keys", unknownKeys.join(", ") || "none"],
    ["spare tensors", spareTensors.slice(0, 3).join(", ") || "none"],
    ["memory", `${megabytes(memoryBytes)} predicted${isStreamed ? ", weights read block by block" : ""}`],
    [
      "time",
      `${seconds(loadSeconds)} to load, ${seconds(passSeconds)} for ${tokens} tokens, ${seconds(decodeSeconds)} for one more`,
    ],
  ];
  printTable(desk, [["what", "found"], ...rows]);
  desk.print("");
  const tapRows = Object.entries(taps).map(([name, tap]) => [name, tap.shape, tap.meaning]);
  printTable(desk, [["tap", "shape", ""], ...tapRows]);
}

const seconds = (value: number): string => (value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(1)} s`);
