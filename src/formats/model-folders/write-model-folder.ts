import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AssayError } from "#base";
import { writeAtomically } from "../files/draft-file.ts";
import { isVacant } from "../files/folder.ts";
import type { TensorSource } from "../safetensors/write-file.ts";
import { type WriteCheckpointOptions, writeCheckpoint } from "../safetensors/write-shards.ts";
import { copySettings } from "./copy-settings.ts";
import { type ModelConfig, writeModelConfig } from "./model-config.ts";

/** A Hugging Face folder to be written. */
export interface ModelFolder extends WriteCheckpointOptions {
  readonly tensors: readonly TensorSource[];
  /** The model that this one was made of: its tokenizer and settings are copied, its configuration is kept. */
  readonly from?: string;
  /** What the configuration says otherwise, or all of it when there is no `from`. */
  readonly config?: ModelConfig;
  /** Texts by file name, in place of what would be copied: another tokenizer. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Writes a folder that every Hugging Face library opens: weights, tokenizer, settings, and `config.json` last, so that
 * a folder whose writing was interrupted is not taken for a model.
 *
 * @throws AssayError CHECKPOINT_EXISTS when something lies there and `overwrite` is not set, VALUE_OVERFLOW
 */
export function writeModelFolder(
  folder: string,
  { tensors, from, config = {}, files = {}, ...options }: ModelFolder,
): void {
  if (!options.overwrite && !isVacant(folder)) {
    throw new AssayError(
      "CHECKPOINT_EXISTS",
      `checkpoint: Expected an empty folder at ${folder}, found files; choose another or overwrite it on purpose`,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeCheckpoint(folder, tensors, { ...options, metadata: { format: "pt", ...options.metadata } });
  if (from !== undefined && !isSame(from, folder)) copySettings(from, folder);
  for (const [name, text] of Object.entries(files))
    writeAtomically(join(folder, name), (append) => append(Buffer.from(text)));
  writeModelConfig(folder, { changes: config, ...(from === undefined ? {} : { from }) });
}

const isSame = (a: string, b: string): boolean => join(a) === join(b);
