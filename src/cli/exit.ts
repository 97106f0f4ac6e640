import { CommanderError } from "commander";
import { AssayError, UsageError } from "#base";
import { type Desk, withoutSecrets } from "./desk.ts";

/** Exit codes that scripts may rely on. */
export const exitCodes = { success: 0, failure: 1, usage: 2, thresholdMissed: 100, interrupted: 130 } as const;

/** Ends a command with an exit code of its own, after everything has been said. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Says what went wrong, for people, and returns the exit code. The stack only where it was asked for. */
export function explain(error: unknown, { desk, verbose }: { desk: Desk; verbose: boolean }): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  const known = error instanceof AssayError;
  const tell = (text: string): void => desk.tell(withoutSecrets(text, desk));
  tell(known ? error.message : `assay: Unexpected error: ${error instanceof Error ? error.message : String(error)}`);
  if (known && error.hint !== undefined) tell(error.hint);
  if (known) desk.tell(grey(error.code, desk));
  if (verbose || !known) tell(stackOf(error));
  if (known && error.code === "ABORTED") return exitCodes.interrupted;
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause === undefined ? "" : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? ""}${cause}`;
}

const grey = (text: string, { isTerminal, env }: Desk): string =>
  (isTerminal || env.FORCE_COLOR) && !env.NO_COLOR ? `\u001b[90m${text}\u001b[39m` : text;
