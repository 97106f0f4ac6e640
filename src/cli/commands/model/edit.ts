import type { Command } from "commander";
import { UsageError } from "#base";
import { atlasFacts, atlasStatements } from "#corpora";
import { readTextFile } from "#formats";
import {
  type Edited,
  type EditRequest,
  estimateMoment,
  fineTuneLayer,
  identityStatistics,
  type KeyStatistics,
  keyStatistics,
  memit,
  type Patch,
  rome,
  savePatch,
  settingsFor,
} from "#methods/editing";
import type { LanguageModel } from "#models";
import { positiveNumber, wholeNumber } from "../../assignments.ts";
import { type Desk, printJson, printTable } from "../../desk.ts";
import { listenForInterruption } from "../../interruption.ts";
import { type RequestFlags, requestsFrom } from "./edit-requests.ts";
import { addOpenOptions, type OpenFlags, openModel } from "./open.ts";
import { expectNoFolder } from "./output-place.ts";

interface EditFlags extends OpenFlags, RequestFlags {
  readonly method: keyof typeof editors;
  readonly output: string;
  readonly layers?: readonly number[];
  readonly texts?: string;
  readonly statistics?: string;
  readonly steps?: number;
  readonly learningRate?: number;
  readonly seed: number;
  readonly inflected?: boolean;
  readonly leaveOut?: boolean;
}

/** `assay model edit MODEL --method rome --subject … --prompt "… {}" --target … -o PATCH`: rewrites facts, as a patch. */
export function addEdit(program: Command, desk: Desk): void {
  addOpenOptions(program.command("edit"))
    .requiredOption("--method <name>", Object.keys(editors).join(", "))
    .requiredOption("-o, --output <file>", "the patch: one safetensors file")
    .option("--subject <text>", "what the fact is about")
    .option("--prompt <text>", 'what the object follows, with {} for the subject: "The currency of {} is the"')
    .option("--target <text>", "the new object")
    .option("--old <text>", "the object that is to be replaced, where it is known")
    .option("--language <code>", "of the prompt: en, de, fr, it, es, hi, ta, kn")
    .option("--requests <file>", "many facts: JSONL with subject, prompt, target, and id, old, language")
    .option("--layers <list>", "one layer for rome and ft-l, several for memit: 13,14,15", layerList)
    .option("--texts <file>", "texts, one a line, from which C is estimated; `atlas` for the miniature's own")
    .option("--statistics <folder>", "where sums for C are kept, so that they are made once")
    .option("--steps <n>", "evaluations of the loss", wholeNumber("--steps", 1))
    .option("--learning-rate <rate>", "Adam's", positiveNumber("--learning-rate"))
    .option("--seed <n>", "of the sampled prefixes", wholeNumber("--seed"), 0)
    .option("--inflected", "take a form of the subject with another ending for the subject")
    .option("--leave-out", "count requests that cannot be edited instead of refusing all")
    .description("rewrite facts: write a small patch, and leave the model alone")
    .action(async (place: string, flags: EditFlags) => {
      expectMethod(flags.method);
      expectNoAdapter(flags);
      expectOneLayer(flags);
      expectNoFolder(flags.output, "edit");
      const requests = await requestsFrom(flags);
      using model = await openModel(place, flags, desk);
      using interruption = listenForInterruption(desk);
      const { patch } = await editors[flags.method](model, { requests, flags, desk, signal: interruption.signal });
      savePatch(flags.output, patch);
      for (const warning of patch.certificate.warnings) desk.tell(`Note: ${warning}`);
      if (flags.json)
        printJson(desk, "model edit", { file: flags.output, id: patch.id, ...patch.certificate } as never);
      else tell(patch, flags.output, desk);
    });
}

interface Order {
  readonly requests: readonly EditRequest[];
  readonly flags: EditFlags;
  readonly desk: Desk;
  readonly signal: AbortSignal;
}

const editors = {
  rome: (model, order) => byRome(model, "rome", order),
  "r-rome": (model, order) => byRome(model, "r-rome", order),
  memit: (model, { requests, ...order }) => {
    const { layers } = order.flags;
    return memit(model, requests, {
      ...numbersOf(order.flags),
      ...(layers === undefined ? {} : { layers }),
      statistics: (layer) => statisticsOf(model, layer, order),
    });
  },
  "ft-l": (model, { requests, flags }) => {
    const layer = flags.layers?.[0];
    return fineTuneLayer(model, requests, { ...numbersOf(flags), ...(layer === undefined ? {} : { layer }) });
  },
} satisfies Record<string, (model: LanguageModel, order: Order) => Promise<Edited>>;

async function byRome(
  model: LanguageModel,
  variant: "rome" | "r-rome",
  { requests, ...order }: Order,
): Promise<Edited> {
  const { layers, inflected } = order.flags;
  if (requests.length !== 1) {
    const advice = "use memit for more, or one edit after another";
    throw new UsageError(
      "REQUEST_COUNT",
      `edit: Expected one request for ${variant}, got ${requests.length}; ${advice}`,
    );
  }
  const layer = layers?.[0] ?? settingsFor(model).rome.layer;
  const statistics = await statisticsOf(model, layer, order);
  const { unfit: _, ...numbers } = numbersOf(order.flags);
  return rome(model, requests[0]!, { ...numbers, variant, layer, statistics, inflected: inflected === true });
}

function numbersOf({ steps, learningRate, seed, inflected, leaveOut }: EditFlags) {
  return {
    seed,
    inflected: inflected === true,
    unfit: leaveOut === true ? ("leave out" as const) : ("refuse" as const),
    ...(steps === undefined ? {} : { steps }),
    ...(learningRate === undefined ? {} : { learningRate }),
  };
}

/** C of a layer from the texts that were named; the identity where none were. */
async function statisticsOf(
  model: LanguageModel,
  layer: number,
  { flags, desk, signal }: Omit<Order, "requests">,
): Promise<KeyStatistics> {
  if (flags.texts === undefined) {
    desk.tell("C = I: other facts are spared less than with --texts");
    return identityStatistics(model.config.intermediateSize);
  }
  const texts = textsNamed(flags.texts);
  const moment = await estimateMoment(model, {
    texts,
    layer,
    corpus: flags.texts,
    signal,
    ...(flags.statistics === undefined ? {} : { folder: flags.statistics }),
  });
  return keyStatistics(moment);
}

/** Every so many sentences of the atlas: enough tokens for each number of a key, in all languages alike. */
const atlasStride = 23;

function textsNamed(name: string): string[] {
  if (name !== "atlas") {
    return readTextFile(name)
      .split("\n")
      .filter((line) => line.trim() !== "");
  }
  const sentences = atlasStatements(atlasFacts(), "train").map(({ prompt, answer }) => prompt + answer);
  return sentences.filter((_, at) => at % atlasStride === 0);
}

function expectMethod(method: string): void {
  if (Object.hasOwn(editors, method)) return;
  const names = Object.keys(editors).join(", ");
  throw new UsageError("METHOD_UNKNOWN", `edit: Expected one of ${names}, got "${method}"`);
}

/** A patch of a model with an adapter on it would fit no folder. @throws UsageError ADAPTERS_UNMERGED */
function expectNoAdapter({ adapter = [] }: EditFlags): void {
  if (adapter.length === 0) return;
  const wayOut = "merge it into a folder of its own first, with mergeAdapters() and saveModel(), and edit that";
  throw new UsageError("ADAPTERS_UNMERGED", `edit: Expected a model as its folder has it, got --adapter; ${wayOut}`);
}

/** @throws UsageError LAYER_COUNT where one layer is edited and several are named */
function expectOneLayer({ method, layers }: EditFlags): void {
  if (method === "memit" || layers === undefined || layers.length === 1) return;
  const claim = `Expected one layer for ${method}, got ${layers.join(", ")}`;
  throw new UsageError("LAYER_COUNT", `edit: ${claim}; memit spreads a change over several`);
}

/** Reads "13,14,15". @throws UsageError BAD_NUMBER */
function layerList(text: string): number[] {
  return text.split(",").map(wholeNumber("--layers"));
}

function tell({ id, certificate }: Patch, file: string, desk: Desk): void {
  const { method, requests, matrices, excluded } = certificate;
  const rows = requests.map(({ request, surprise, isGreedy }) => [
    `${request.prompt.trimEnd()} ${request.target.trim()}`,
    surprise.before.toFixed(3),
    surprise.after.toFixed(3),
    isGreedy ? "yes" : "no",
  ]);
  printTable(desk, [["fact", "nats before", "after", "said first"], ...rows]);
  for (const { path, rank, relativeNorm, statistics } of matrices) {
    desk.print(`${path}: rank ${rank}, ${(100 * relativeNorm).toFixed(1)} % of its norm, ${statistics}`);
  }
  for (const [reason, count] of Object.entries(excluded)) desk.print(`left out, ${reason}: ${count}`);
  desk.print(`${method}: patch ${id} written to ${file}`);
}
