import type { Command } from "commander";
import { UsageError } from "#base";
import { findModel, type LanguageModel, loadModel } from "#models";
import type { Desk } from "../../desk.ts";
import { fetchNotice } from "./fetch-notice.ts";

/** How a model is opened. */
export interface OpenFlags {
  readonly memory?: number;
  readonly json?: boolean;
}

/** Adds what every command on a model takes. */
export function addOpenOptions(command: Command): Command {
  return command
    .argument("<model>", "a Hugging Face folder, mini:atlas, or hf:organisation/name@revision")
    .option("--memory <limit>", "weights beyond this are read block by block: 8GB, 500MB", byteCount)
    .option("--json", "print a JSON document");
}

/** The model of a name, with what a person should know about it. */
export async function openModel(place: string, { memory }: OpenFlags, desk: Desk): Promise<LanguageModel> {
  const fetching = { environment: desk.environment(), onEvent: fetchNotice(desk) };
  const model = await loadModel(place, { ...fetching, ...(memory === undefined ? {} : { memory }) });
  for (const warning of model.warnings) desk.tell(warning);
  return model;
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
