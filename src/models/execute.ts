import type { Executed, Execution } from "./execution.ts";
import type { LanguageModel } from "./language-model.ts";
import { runBlocks, runBlocksOfMany } from "./run-blocks.ts";
import { runWhole } from "./run-whole.ts";

/** Runs a model once, the way it is loaded. @throws AssayError TAP_UNKNOWN, EDIT_INVALID, POSITION_OUT_OF_RANGE */
export function execute(model: LanguageModel, execution: Execution): Promise<Executed> {
  return model.isStreamed ? runBlocks(model, execution) : runWhole(model, execution);
}

/** Runs a model on several inputs, each alone; where weights are streamed, they are read once for all. */
export async function executeMany(model: LanguageModel, executions: readonly Execution[]): Promise<Executed[]> {
  if (model.isStreamed) return runBlocksOfMany(model, executions);
  const executed: Executed[] = [];
  for (const execution of executions) executed.push(await runWhole(model, execution));
  return executed;
}
