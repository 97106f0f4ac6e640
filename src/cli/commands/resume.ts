import type { Command } from "commander";
import type { Desk } from "../desk.ts";
import { printResult } from "../result.ts";
import { addConductOptions, type ConductFlags } from "../run-options.ts";
import { resumeStudy } from "../start.ts";

/** `assay resume <run>`: goes on with a run under its frozen settings. */
export function addResume(program: Command, desk: Desk): void {
  const command = program
    .command("resume")
    .argument("<run>", "its id, the beginning of it, or `latest`")
    .description("go on with an interrupted run; its settings are frozen and cannot be changed")
    .option("--force", "take the run over although a process of its number is alive")
    .option("--allow-code-change", "go on although the code differs from the one that the run began with");
  addConductOptions(command).action(async (id: string, flags: ResumeFlags) => {
    printResult(await resumeStudy(id, flags, desk), { desk, json: flags.json === true });
  });
}

/** How a run is taken up again. */
export type ResumeFlags = ConductFlags & { readonly force?: boolean; readonly allowCodeChange?: boolean };
