import type { Command } from "commander";
import { readMergeConfig } from "#formats";
import { mergeFolders } from "#methods/merging";
import { wholeNumber } from "../../assignments.ts";
import { type Desk, printJson } from "../../desk.ts";

interface MergeFlags {
  readonly output: string;
  readonly seed: number;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `assay model merge CONFIG.yml -o FOLDER`: puts several models into one, as a configuration of mergekit says. */
export function addMerge(program: Command, desk: Desk): void {
  program
    .command("merge")
    .argument("<config>", "a configuration of mergekit: linear, slerp, task_arithmetic, ties, dare_linear, dare_ties")
    .requiredOption("-o, --output <folder>", "the folder of the merged model")
    .option("--seed <n>", "decides what dare drops", wholeNumber("--seed"), 0)
    .option("--overwrite", "replace what lies there")
    .option("--json", "print a JSON document")
    .description("merge models tensor by tensor; a tokenizer of union keeps every model's tokens")
    .action(async (path: string, { output, seed, overwrite = false, json }: MergeFlags) => {
      const config = readMergeConfig(path);
      const merged = await mergeFolders(config, output, { seed, overwrite });
      if (json) {
        const { vocabulary = null, ...rest } = merged;
        printJson(desk, "model merge", { ...rest, vocabulary } as never);
        return;
      }
      const words = merged.vocabulary === undefined ? "" : `, ${merged.vocabulary.tokens} tokens`;
      desk.print(`${merged.method}: ${merged.models.join(" + ")}, ${merged.tensors} tensors${words}; ${merged.folder}`);
    });
}
