import type { Command } from "commander";
import type { Desk } from "../../desk.ts";
import { addApply, addRevert } from "./apply.ts";
import { addEdit } from "./edit.ts";
import { addExplain } from "./explain.ts";
import { addModelExport } from "./export.ts";
import { addGenerate } from "./generate.ts";
import { addInspect } from "./inspect.ts";
import { addMerge } from "./merge.ts";
import { addModelScore } from "./score.ts";
import { addTrace } from "./trace.ts";
import { addTrain } from "./train.ts";
import { addUnlearn } from "./unlearn.ts";

/** Every command of the bench, in the order in which `--help` shows them. */
const benchCommands = {
  inspect: addInspect,
  trace: addTrace,
  score: addModelScore,
  generate: addGenerate,
  export: addModelExport,
  train: addTrain,
  edit: addEdit,
  apply: addApply,
  revert: addRevert,
  unlearn: addUnlearn,
  merge: addMerge,
  explain: addExplain,
} satisfies Record<string, (program: Command, desk: Desk) => void>;

/** `assay model …`: the bench, work on open models. */
export function addModel(program: Command, desk: Desk): void {
  const bench = program.command("model").description("the bench: work on open models");
  for (const add of Object.values(benchCommands)) add(bench, desk);
  for (const command of bench.commands) command.copyInheritedSettings(program);
}
