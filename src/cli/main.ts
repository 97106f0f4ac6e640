import { Command } from "commander";
import { type AddCommand, commands } from "./commands/index.ts";
import { type Desk, processDesk } from "./desk.ts";
import { exitCodes, explain } from "./exit.ts";
import { packageVersion } from "./version.ts";

/** Runs the command line and returns the exit code. */
export async function runCommandLine(args: readonly string[], desk: Desk = processDesk()): Promise<number> {
  try {
    const program = createProgram(desk, await wantedCommands(args));
    await program.parseAsync(args, { from: "user" });
    return exitCodes.success;
  } catch (error) {
    return explain(error, { desk, verbose: args.includes("--verbose") });
  }
}

/** The command that is called; all of them for help, or to suggest the nearest to one that nobody knows. */
async function wantedCommands(args: readonly string[]): Promise<AddCommand[]> {
  const [name = ""] = args;
  const isKnown = Object.hasOwn(commands, name);
  const wanted = isKnown ? [commands[name as keyof typeof commands]] : Object.values(commands);
  return Promise.all(wanted.map((load) => load()));
}

function createProgram(desk: Desk, adds: readonly AddCommand[]): Command {
  const program = new Command("assay")
    .description("Does this paper's claim hold for my model?")
    .version(packageVersion())
    .option("--verbose", "show the stack of an error")
    .configureOutput({ writeOut: (text) => desk.print(text.trimEnd()), writeErr: (text) => desk.tell(text.trimEnd()) })
    .showSuggestionAfterError(true)
    .exitOverride();
  for (const add of adds) add(program, desk);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
