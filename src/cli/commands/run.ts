import type { Command } from "commander";
import type { Desk } from "../desk.ts";
import { printResult } from "../result.ts";
import { addConductOptions, addStudyOptions, type ConductFlags, type StudyFlags } from "../run-options.ts";
import { planStudy, startStudy } from "../start.ts";

/** `assay run <study>`: conducts a study on one or more subjects. */
export function addRun(program: Command, desk: Desk): void {
  const command = program
    .command("run")
    .argument("<study>", "one of `assay studies`")
    .description("run a study: ask, score, judge its claims")
    .option("--dry-run", "print what it would ask and cost, and ask nothing");
  addConductOptions(addStudyOptions(command)).action(async (id: string, flags: RunFlags) => {
    if (flags.dryRun) return planStudy(id, flags, desk);
    printResult(await startStudy(id, flags, desk), { desk, json: flags.json === true });
  });
}

type RunFlags = StudyFlags & ConductFlags & { readonly dryRun?: boolean };
