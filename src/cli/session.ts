import { AssayError, type Subject, UsageError } from "#base";
import { askAll, type BudgetOptions, costUsd, type Price, Scheduler, type SchedulerOptions } from "#evals";
import { conduct, isRefusal, type Lab, type Run, type Study } from "#runs";
import { type Desk, withoutSecrets } from "./desk.ts";
import { Exit, exitCodes } from "./exit.ts";
import type { Interruption } from "./interruption.ts";
import { requirePrices } from "./prices.ts";
import type { ProgressLine } from "./progress-line.ts";
import { resumeCommand } from "./resume-command.ts";
import type { ConductFlags } from "./run-options.ts";
import { resolveSubjects } from "./subjects.ts";

/** Everything that one process brings to a run. */
export interface Session {
  readonly study: Study;
  readonly run: Run;
  readonly subjects: readonly Subject[];
  readonly flags: ConductFlags;
  readonly scheduling: Pick<SchedulerOptions, "priceOf">;
  readonly interruption: Interruption;
  readonly progress: ProgressLine;
}

/**
 * Conducts a run to its end, or to a stop after which it can be resumed.
 *
 * @throws Exit 130 after Ctrl-C, once everything in flight is stored and the command to resume is printed; UsageError for
 *   settings that only the study could see to be wrong, after which the run cannot be resumed
 */
export async function conductRun(session: Session, desk: Desk): Promise<void> {
  const { study, run, subjects, flags, interruption, progress } = session;
  try {
    const resolve = async (name: string) => {
      const [subject] = await resolveSubjects([name], flags, desk);
      requirePrices([subject!], flags);
      return subject!;
    };
    await conduct(study, run, { subjects, signal: interruption.signal, ask: asker(session), resolve });
  } catch (error) {
    const ending = endingOf(error, interruption.signal);
    const note = error instanceof Error ? error.message : String(error);
    haltRun(run, { status: statuses[ending], note: withoutSecrets(note, desk) });
    progress.end();
    desk.tell(advice[ending](run.id, resumeCommand(run.id, session.flags, desk.env)));
    if (ending === "interrupted") throw new Exit(exitCodes.interrupted);
    if (ending === "refused" && isRefusal(error)) throw new UsageError(error.code, error.message, { cause: error });
    throw error;
  }
  progress.end();
}

/** Why a run ended early: by a person, by a budget or a breaker, by its own settings, or by an error. */
type Ending = "interrupted" | "stopped" | "refused" | "failed";

const statuses = { interrupted: "stopped", stopped: "stopped", refused: "refused", failed: "failed" } as const;

const onceMended = (_: string, command: string): string =>
  `Everything committed is stored; once the cause is mended, go on with:\n  ${command}`;

const advice: Readonly<Record<Ending, (run: string, command: string) => string>> = {
  interrupted: (_, command) => `Stopped. Everything answered so far is stored; go on with:\n  ${command}`,
  stopped: onceMended,
  refused: (run) => `${run} cannot go on: its settings are frozen, and one of them is wrong; start a new run`,
  failed: onceMended,
};

function endingOf(error: unknown, signal: AbortSignal): Ending {
  const code = error instanceof AssayError ? error.code : "";
  // What computes hears of Ctrl-C by the signal, and throws its reason or ABORTED.
  if (signal.aborted && (error === signal.reason || ["ABORTED", "STOPPED_ABORT"].includes(code))) return "interrupted";
  if (code.startsWith("STOPPED_")) return "stopped";
  return isRefusal(error) ? "refused" : "failed";
}

function haltRun(run: Run, { status, note }: { status: "stopped" | "failed" | "refused"; note: string }): void {
  try {
    run.halt(status, note);
  } catch {
    // A store that cannot be written is what brought us here; the first error is the one to show.
  }
}

function asker(session: Session): Lab<unknown>["ask"] {
  const { run, flags, scheduling, interruption, progress } = session;
  const scheduler = new Scheduler({
    ...scheduling,
    ...(flags.maxConcurrency !== undefined && { maxConcurrency: flags.maxConcurrency }),
    budget: budgetOf(run, session),
  });
  return async (subject, { samples, score, total }) => {
    progress.begin(subject.name);
    const { stopped } = await askAll({
      subject,
      samples,
      score,
      answers: run,
      scheduler,
      signal: interruption.signal,
      ...(flags.cache && subject.kind === "api" && { cache: run.store.responses }),
      ...(total !== undefined && { total }),
      onProgress: progress.update,
      onNotice: progress.notice,
    });
    if (stopped !== undefined) throw new AssayError(`STOPPED_${stopped.reason.toUpperCase()}`, stopped.message);
  };
}

function budgetOf(run: Run, { flags: { budget, budgetTokens }, scheduling: { priceOf } }: Session): BudgetOptions {
  const usage = run.usage();
  const spent = {
    tokens: usage.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    usd: usage.reduce((sum, used) => sum + costUsd(used, priceOf?.(used.subject) ?? free), 0),
  };
  return {
    ...(budget !== undefined && { usd: budget }),
    ...(budgetTokens !== undefined && { tokens: budgetTokens }),
    spent,
  };
}

const free: Price = { input: 0, output: 0 };
