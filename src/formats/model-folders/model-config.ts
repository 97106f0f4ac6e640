import { join } from "node:path";
import type { Json } from "#base";
import { writeAtomically } from "../files/draft-file.ts";
import { readTextFile } from "../files/text-file.ts";
import { exactText, parseExactly, parseObject } from "./exact-json.ts";

const name = "config.json";

/** A model's configuration as its file has it, under the file's own names. */
export type ModelConfig = Readonly<Record<string, Json>>;

/** Reads `config.json` of a folder. @throws AssayError FILE_MISSING, JSON_INVALID */
export function readModelConfig(folder: string): ModelConfig {
  const path = join(folder, name);
  return parseObject(readTextFile(path), path);
}

/** How a configuration is written. */
export interface WriteModelConfigOptions {
  /** A folder whose `config.json` is kept, unknown keys and the spelling of numbers included; `changes` go over it. */
  readonly from?: string;
  readonly changes: ModelConfig;
}

/** Writes `config.json`: what the source says, with the changes in it. A change to null is written as null. */
export function writeModelConfig(folder: string, { from, changes }: WriteModelConfigOptions): void {
  const path = from === undefined ? undefined : join(from, name);
  const kept = path === undefined ? {} : parseExactly(readTextFile(path), path);
  const text = exactText({ ...kept, ...changes });
  writeAtomically(join(folder, name), (append) => append(Buffer.from(text)));
}
