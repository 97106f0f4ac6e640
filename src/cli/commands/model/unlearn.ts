import type { Command } from "commander";
import { UsageError } from "#base";
import { readTextFile } from "#formats";
import {
  countSteps,
  displacementBound,
  displacementWarning,
  encodeTexts,
  needle,
  paragraphsOf,
  type UnlearningMethodName,
  unlearn,
  unlearningMethods,
  unlearningScopes,
} from "#methods/unlearning";
import { normOf, type ValueVectorPlace, valueVector } from "#methods/value-vectors";
import { type LanguageModel, saveModel } from "#models";
import { positiveNumber, wholeNumber } from "../../assignments.ts";
import { type Desk, printJson } from "../../desk.ts";
import { listenForInterruption } from "../../interruption.ts";
import { addOpenOptions, mergedAdapters, type OpenFlags, openModel } from "./open.ts";
import { expectEmptyFolder } from "./output-place.ts";
import { createTrainingLine } from "./training-line.ts";

interface UnlearnFlags extends OpenFlags {
  readonly method: string;
  readonly output: string;
  readonly forget?: string;
  readonly retain?: string;
  readonly scope: string;
  readonly layer?: number;
  readonly column?: number;
  readonly sigma: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly bfloat16?: boolean;
}

/** What became of a model. */
interface Outcome {
  readonly model: LanguageModel;
  readonly steps: number;
  readonly loss: number | null;
  readonly trained: readonly string[];
  readonly warning?: string | undefined;
}

const names = ["needle", ...Object.keys(unlearningMethods)];

/** `assay model unlearn MODEL --method npo --forget FILE -o FOLDER`: makes a model forget what a text says. */
export function addUnlearn(program: Command, desk: Desk): void {
  addOpenOptions(program.command("unlearn"))
    .requiredOption("--method <name>", names.join(", "))
    .requiredOption("-o, --output <folder>", "the folder of the changed model")
    .option("--forget <file>", "a text about what is to be forgotten")
    .option("--retain <file>", "a text about what is to be kept, for methods that compare with one")
    .option("--scope <name>", Object.keys(unlearningScopes).join(", "), "full")
    .option("--layer <n>", "block of the value vector, or of what rmu steers", wholeNumber("--layer"))
    .option("--column <n>", "neuron of the value vector", wholeNumber("--column"))
    .option("--sigma <s>", "spread of needle's noise", positiveNumber("--sigma"), 0.1)
    .option("--epochs <n>", "times that the text is read", wholeNumber("--epochs", 1), 10)
    .option("--learning-rate <rate>", "its peak", positiveNumber("--learning-rate"), 5e-5)
    .option("--batch-size <n>", "paragraphs in a step", wholeNumber("--batch-size", 1), 4)
    .option("--seed <n>", "seed of noise and order", wholeNumber("--seed"), 0)
    .option("--bfloat16", "keep trained weights in bfloat16, as machines without float32 masters do")
    .description("make a model forget: write a changed copy, and leave the model alone")
    .action(async (place: string, flags: UnlearnFlags) => {
      expectMethod(flags.method);
      expectEmptyFolder(flags.output, "unlearn");
      using opened = await openModel(place, { ...flags, adapter: [] }, desk);
      const model = await mergedAdapters(opened, flags.adapter);
      const { model: changed, ...told } = await forgetting(model, flags, desk);
      saveModel(changed, flags.output);
      if (told.warning !== undefined) desk.tell(`Note: ${told.warning}`);
      if (flags.json) {
        const { warning = null, ...rest } = told;
        printJson(desk, "model unlearn", { method: flags.method, folder: flags.output, ...rest, warning } as never);
      } else desk.print(`${flags.method}: ${told.steps} steps, ${namesOf(told.trained)} changed; ${flags.output}`);
    });
}

/** A few names, or how many there are. */
const namesOf = (trained: readonly string[]): string =>
  trained.length <= 4 ? trained.join(", ") : `${trained.length} tensors`;

function expectMethod(method: string): void {
  if (names.includes(method)) return;
  throw new UsageError("METHOD_UNKNOWN", `unlearn: Expected one of ${names.join(", ")}, got "${method}"`);
}

function forgetting(model: LanguageModel, flags: UnlearnFlags, desk: Desk): Promise<Outcome> {
  return flags.method === "needle" ? breakVector(model, flags) : fineTune(model, flags, desk);
}

async function breakVector(model: LanguageModel, flags: UnlearnFlags): Promise<Outcome> {
  const place = placeOf(flags);
  if (place === undefined) throw new UsageError("PLACE_MISSING", "unlearn: Expected --layer and --column for needle");
  const noise = { kind: "noise", sigma: flags.sigma, seed: flags.seed } as const;
  const { model: changed } = await needle(model, place, { noise });
  return { model: changed, steps: 0, loss: null, trained: [`value vector ${place.layer}/${place.column}`] };
}

async function fineTune(model: LanguageModel, flags: UnlearnFlags, desk: Desk): Promise<Outcome> {
  const { forget: forgetFile, retain: retainFile, epochs, batchSize, learningRate, scope, seed, layer } = flags;
  if (forgetFile === undefined) throw new UsageError("FORGET_MISSING", "unlearn: Expected --forget FILE, got none");
  const forget = textsOf(model, forgetFile);
  const steps = countSteps({ texts: forget.length, epochs, batchSize });
  const place = placeOf(flags);
  using interruption = listenForInterruption(desk);
  using line = createTrainingLine(desk);
  const {
    model: changed,
    rate,
    ...found
  } = await unlearn(model, {
    method: flags.method as UnlearningMethodName,
    scope,
    forget,
    steps,
    learningRate,
    batchSize,
    seed,
    ...(retainFile === undefined ? {} : { retain: textsOf(model, retainFile) }),
    ...(place === undefined ? {} : { place }),
    ...(layer === undefined ? {} : { layer }),
    bfloat16: flags.bfloat16 === true,
    signal: interruption.signal,
    onEvent: line.event,
  });
  line.end();
  const vector = valueVector(model, place ?? { layer: model.config.layers - 1, column: 0 });
  const bound = displacementBound(rate, { steps, size: vector.length, norm: normOf(vector) });
  return { model: changed, ...found, warning: displacementWarning(bound) };
}

function placeOf({ layer, column }: UnlearnFlags): ValueVectorPlace | undefined {
  return layer === undefined || column === undefined ? undefined : { layer, column };
}

function textsOf(model: LanguageModel, file: string): number[][] {
  const tokens = Math.min(500, model.config.contextLength - 1);
  return encodeTexts(paragraphsOf(readTextFile(file)), { tokenizer: model.requireTokenizer(), tokens });
}
