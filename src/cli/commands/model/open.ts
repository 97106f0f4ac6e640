import type { Command } from "commander";
import { UsageError } from "#base";
import { type AdapterUse, loadAdapter, mergeAdapters, withAdapters } from "#methods/adapters";
import { findModel, type LanguageModel, loadModel } from "#models";
import { collect } from "../../assignments.ts";
import type { Desk } from "../../desk.ts";
import { fetchNotice } from "./fetch-notice.ts";

/** How a model is opened. */
export interface OpenFlags {
  readonly memory?: number;
  readonly adapter?: readonly string[];
  readonly json?: boolean;
}

/** Adds what every command on a model takes. */
export function addOpenOptions(command: Command): Command {
  return command
    .argument("<model>", "a Hugging Face folder, mini:atlas, or hf:organisation/name@revision")
    .option("--memory <limit>", "weights beyond this are read block by block: 8GB, 500MB", byteCount)
    .option("--adapter <folder>", "a PEFT adapter to put on it, FOLDER=0.5 for a weight; repeat for more", collect)
    .option("--json", "print a JSON document");
}

/** The model of a name, with what a person should know about it. */
export async function openModel(place: string, flags: OpenFlags, desk: Desk): Promise<LanguageModel> {
  const { memory, adapter = [] } = flags;
  const fetching = { environment: desk.environment(), onEvent: fetchNotice(desk) };
  const model = await loadModel(place, { ...fetching, ...(memory === undefined ? {} : { memory }) });
  for (const warning of model.warnings) desk.tell(warning);
  return adapter.length === 0 ? model : withAdapters(model, adaptersAt(model, adapter));
}

/** The model with adapters merged into its weights, for what is to be written as one model. @throws AssayError as mergeAdapters() */
export async function mergedAdapters(model: LanguageModel, places: readonly string[] = []): Promise<LanguageModel> {
  return places.length === 0 ? model : mergeAdapters(model, Object.values(adaptersAt(model, places)));
}

/** Adapters by the order in which they are named. @throws AssayError as loadAdapter() */
function adaptersAt(model: LanguageModel, places: readonly string[]): Record<string, AdapterUse> {
  const uses = places.map((place, at) => {
    const [, folder, weight] = /^(.*?)(?:=(-?\d*\.?\d+))?$/.exec(place)!;
    const adapter = loadAdapter(model, folder!);
    return [String(at + 1), { adapter, ...(weight === undefined ? {} : { weight: Number(weight) }) }] as const;
  });
  return Object.fromEntries(uses);
}

/** The folder of a name, fetched where it is on the hub. */
export const openFolder = (place: string, desk: Desk): Promise<string> =>
  findModel(place, { environment: desk.environment(), onEvent: fetchNotice(desk) });

const units: Readonly<Record<string, number>> = {
  "": 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

/** Reads "8GB", "500 MB" or a number of bytes. @throws UsageError BAD_NUMBER */
export function byteCount(text: string): number {
  const [, number, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([KMG]i?B)?\s*$/i.exec(text) ?? [];
  const factor = units[unit.toUpperCase()];
  if (number !== undefined && factor !== undefined) return Math.round(Number(number) * factor);
  throw new UsageError("BAD_NUMBER", `assay: Expected --memory to be a size such as 8GB or 500MB, got "${text}"`);
}
