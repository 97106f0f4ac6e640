import { Command } from "commander";
import { commands } from "./commands/index.ts";
import { type Desk, processDesk } from "./desk.ts";
import { exitCodes, explain } from "./exit.ts";
import { packageVersion } from "./version.ts";

/** Runs the command line and returns the exit code. */
export async function runCommandLine(args: readonly string[], desk: Desk = processDesk()): Promise<number> {
  const program = createProgram(desk);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCodes.success;
  } catch (error) {
    return explain(error, { desk, verbose: args.includes("--verbose") });
  }
}

/** The program with all its commands. */
export function createProgram(desk: Desk): Command {
  const program = new Command("assay")
    .description("Does this paper's claim hold for my model?")
    .version(packageVersion())
    .option("--verbose", "show the stack of an error")
    .configureOutput({ writeOut: (text) => desk.print(text.trimEnd()), writeErr: (text) => desk.tell(text.trimEnd()) })
    .showSuggestionAfterError(true)
    .exitOverride();
  for (const add of Object.values(commands)) add(program, desk);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
