/** `assay model train ./folder --data FILE`: teaches a model more, whole or by an adapter. */
import { UsageError } from "#base";
import { readRows } from "#formats";
import { countLora, type LoraSettings, saveAdapter } from "#methods/adapters";
import { type FinetuneExample, type FinetuneResult, finetune, type HeldOutMetrics } from "#methods/finetuning";
import { countParameters, type LanguageModel, saveModel } from "#models";
import { type Desk, printJson } from "../../desk.ts";
import { Exit, exitCodes } from "../../exit.ts";
import { listenForInterruption } from "../../interruption.ts";
import { openModel } from "./open.ts";
import { expectEmptyFolder } from "./output-place.ts";
import { createTrainingLine } from "./training-line.ts";

/** What the command line says of a fine-tuning. */
export interface FinetuneFlags {
  readonly output: string;
  readonly data?: string;
  readonly heldOut?: string;
  readonly lora?: LoraSettings;
  readonly epochs?: number;
  readonly steps?: number;
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly accumulate?: number;
  readonly length?: number;
  readonly seed: number;
  readonly threads?: number;
  readonly checkpoints?: string;
  readonly memory?: number;
  readonly json?: boolean;
}

/** Steps between two checkpoints. */
const checkpointEvery = 25;

/** Fine-tunes the model at a place and writes the adapter, or the model, to the output folder. */
export async function finetuneAt(place: string, flags: FinetuneFlags, desk: Desk): Promise<void> {
  if (flags.lora === undefined) expectEmptyFolder(flags.output, "train");
  const examples = await examplesIn(flags.data!);
  const heldOut = flags.heldOut === undefined ? {} : { heldOut: await examplesIn(flags.heldOut) };
  using model = await openModel(place, flags.memory === undefined ? {} : { memory: flags.memory }, desk);
  using interruption = listenForInterruption(desk);
  using line = createTrainingLine(desk);
  const result = await finetune(model, {
    examples,
    ...heldOut,
    ...chosen(flags),
    signal: interruption.signal,
    onEvent: line.event,
    checkpoints: { every: checkpointEvery, ...(flags.checkpoints && { folder: flags.checkpoints }) },
  });
  line.end();
  if (result.status === "stopped") {
    desk.tell("Stopped; the same command goes on from here");
    throw new Exit(exitCodes.interrupted);
  }
  write(model, result, flags.output);
  tell(place, { model, result, folder: flags.output }, { desk, json: flags.json === true });
}

function chosen({ lora, epochs, steps, learningRate, batchSize, accumulate, length, seed, threads }: FinetuneFlags) {
  return {
    seed,
    ...(lora === undefined ? {} : { lora }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(steps === undefined ? {} : { steps }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(accumulate === undefined ? {} : { batchesPerStep: accumulate }),
    ...(length === undefined ? {} : { length }),
    ...(threads === undefined ? {} : { threads }),
  };
}

async function examplesIn(file: string): Promise<FinetuneExample[]> {
  const examples: FinetuneExample[] = [];
  for await (const row of readRows(file)) examples.push(row as unknown as FinetuneExample);
  return examples;
}

function write(model: LanguageModel, { adapter }: FinetuneResult, folder: string): void {
  if (adapter === undefined) saveModel(model, folder);
  else saveAdapter(model, adapter, folder);
}

interface Told {
  readonly model: LanguageModel;
  readonly result: FinetuneResult;
  readonly folder: string;
}

function tell(
  place: string,
  { model, result, folder }: Told,
  { desk, json }: { readonly desk: Desk; readonly json: boolean },
): void {
  const { adapter, status, step, loss, heldOut = null } = result;
  const trained = adapter === undefined ? countParameters(model.plan) : countLora(adapter);
  if (json) printJson(desk, "model train", { model: place, status, step, loss, trained, folder, heldOut });
  else {
    if (heldOut !== null) desk.print(`held out: ${metrics(heldOut.before)} before, ${metrics(heldOut.after)} after`);
    desk.print(`${trained.toLocaleString("en")} numbers trained, written to ${folder}`);
  }
}

const metrics = ({ loss, accuracy }: HeldOutMetrics): string =>
  `loss ${loss.toFixed(4)} and ${(100 * accuracy).toFixed(1)} % of tokens`;

const loraNames = ["rank", "alpha", "targets", "dropout", "stable"];

/** Reads "rank=8,alpha=16,targets=attention.query+mlp.down,dropout=0.1,stable". @throws UsageError LORA_INVALID */
export function loraSettings(text: string): LoraSettings {
  const parts = new Map(text.split(",").map((part) => part.split("=") as [string, string | undefined]));
  const wrong = [...parts.keys()].find((name) => !loraNames.includes(name));
  const [rank, alpha, dropout] = ["rank", "alpha", "dropout"].map((name) => {
    const value = parts.get(name);
    return value === undefined ? undefined : Number(value);
  });
  if (wrong !== undefined || rank === undefined || [rank, alpha, dropout].some(Number.isNaN)) {
    const expected = "Expected --lora rank=8,alpha=16,targets=attention.query+mlp.down,dropout=0.1,stable";
    throw new UsageError("LORA_INVALID", `assay: ${expected}, all but the rank if wanted, got "${text}"`);
  }
  const targets = parts.get("targets")?.split("+");
  return {
    rank,
    ...(alpha === undefined ? {} : { alpha }),
    ...(dropout === undefined ? {} : { dropout }),
    ...(targets === undefined ? {} : { targets }),
    ...(parts.has("stable") ? { isRankStabilized: true } : {}),
  };
}
