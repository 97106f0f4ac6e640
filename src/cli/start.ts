import { AssayError, type Json, type Subject, UsageError } from "#base";
import {
  codeVersion,
  createRun,
  type Manifest,
  type Run,
  resolveSettings,
  resumableSettings,
  type Store,
  type Study,
  summaryOf,
  takeUpRun,
} from "#runs";
import { loadStudy, type StudyModule } from "#studies";
import { type Desk, printJson } from "./desk.ts";
import { listenForInterruption } from "./interruption.ts";
import { printPlan } from "./plan.ts";
import { pricesOf, requirePrices } from "./prices.ts";
import { createProgressLine } from "./progress-line.ts";
import { type RunResult, resultOf } from "./result.ts";
import type { ConductFlags, StudyFlags } from "./run-options.ts";
import { conductRun } from "./session.ts";
import { plannedCost, resolveSubjects } from "./subjects.ts";

/** Prints what a run would ask and cost, and asks nothing. */
export async function planStudy(id: string, flags: StudyFlags & ConductFlags, desk: Desk): Promise<void> {
  const { study } = await loadStudy(id);
  const request = requestOf(study, flags);
  const subjects = flags.model ?? study.miniatureSubjects;
  const plan = await study.plan({ ...request, subjects });
  const priceOf = pricesOf(flags);
  const costs = subjects.map((subject) => ({ subject, usd: plannedCost(priceOf(subject), plan) }));
  if (flags.json) return printJson(desk, "plan", { study: id, settings: request.settings as Json, plan, costs });
  printPlan({ plan, costs, settings: request.settings }, desk);
}

/** Freezes the settings into a new run and conducts it. */
export async function startStudy(id: string, flags: StudyFlags & ConductFlags, desk: Desk): Promise<RunResult> {
  const module = await loadStudy(id);
  const { study } = module;
  const request = requestOf(study, flags);
  const subjects = await resolveSubjects(flags.model ?? study.miniatureSubjects, flags, desk);
  for (const subject of subjects) study.accept?.(subject);
  requirePrices(subjects, flags);
  const manifest: Manifest = {
    study: study.id,
    settings: request.settings,
    preset: flags.preset,
    seed: flags.seed,
    limit: flags.limit ?? null,
    data: await study.identify(request),
    subjects: subjects.map(({ name, kind, identity }) => ({ name, kind, identity })),
    code: codeVersion(),
  };
  using store = desk.openStore({ durable: flags.durable === true });
  // Awaited here: the store closes when this function is left.
  return await carryOut(
    module,
    { store, subjects, flags, open: (onEvent) => createRun(store, manifest, { onEvent }) },
    desk,
  );
}

/** Goes on with a run from its first unit of work that is not committed. */
export async function resumeStudy(
  id: string,
  flags: ResumeFlags & { force?: boolean },
  desk: Desk,
): Promise<RunResult> {
  using store = desk.openStore({ durable: flags.durable === true });
  const before = summaryOf(store, id);
  const run = takeUpRun(store, id, { force: flags.force === true });
  const { module, subjects } = await readyToResume(run, flags, desk).catch((error: unknown) => {
    // Nothing has been done: the run stays as it was found, with its reason.
    run.halt(before.status === "failed" ? "failed" : "stopped", before.note ?? "interrupted");
    throw error;
  });
  return await carryOut(module, { store, subjects, flags, open: (onEvent) => run.watchedBy(onEvent) }, desk);
}

type ResumeFlags = ConductFlags & { readonly allowCodeChange?: boolean };

/** What a run goes on with, once it is sure to be what it began with. */
async function readyToResume(run: Run, flags: ResumeFlags, desk: Desk) {
  const module = await loadStudy(run.manifest.study);
  requireSameCode(run, flags);
  await requireSameData(module.study, run);
  const names = run.manifest.subjects.map(({ name }) => name);
  const subjects = await resolveSubjects(names, flags, desk);
  requireSameSubjects(run, subjects);
  requirePrices(subjects, flags);
  return { module, subjects };
}

interface Undertaking {
  readonly store: Store;
  readonly subjects: readonly Subject[];
  readonly flags: ConductFlags;
  readonly open: (onEvent: ReturnType<typeof createProgressLine>["event"]) => Run;
}

async function carryOut(
  module: StudyModule,
  { store, subjects, flags, open }: Undertaking,
  desk: Desk,
): Promise<RunResult> {
  const progress = createProgressLine(desk, { quiet: flags.quiet === true });
  using interruption = listenForInterruption(desk);
  const run = open(progress.event);
  progress.notice(`${run.id} in ${store.folder}`);
  const session = {
    study: module.study,
    run,
    subjects,
    flags,
    scheduling: { priceOf: pricesOf(flags) },
    interruption,
    progress,
  };
  await conductRun(session, desk);
  return resultOf(module, run, desk);
}

function requestOf(study: Study, { preset, set = {}, seed, limit }: StudyFlags) {
  const settings = resolveSettings(study.settings, { study: study.id, preset, assignments: set });
  return { settings, seed, ...(limit !== undefined && { limit }) };
}

function requireSameCode(run: Run, { allowCodeChange }: { allowCodeChange?: boolean }): void {
  const now = codeVersion();
  if (now === run.manifest.code || allowCodeChange) return;
  throw new UsageError(
    "CODE_CHANGED",
    `runs: ${run.id} began with the code ${run.manifest.code}, this is ${now}; go back to that version, start anew, or accept it with --allow-code-change`,
  );
}

async function requireSameData(study: Study, run: Run): Promise<void> {
  const { settings, seed, limit, data } = run.manifest;
  const now = await study.identify({
    settings: resumableSettings(study.settings, settings),
    seed,
    ...(limit !== null && { limit }),
  });
  if (JSON.stringify(now) === JSON.stringify(data)) return;
  throw new AssayError(
    "DATA_CHANGED",
    `runs: ${run.id} began with other data than is there now; restore it, or start a new run`,
  );
}

function requireSameSubjects(run: Run, subjects: readonly Subject[]): void {
  for (const [at, subject] of subjects.entries()) {
    if (JSON.stringify(run.manifest.subjects[at]?.identity) === JSON.stringify(subject.identity)) continue;
    throw new AssayError(
      "SUBJECT_CHANGED",
      `runs: ${run.id} began with ${subject.name} at another address or version; restore that, or start a new run`,
    );
  }
}
