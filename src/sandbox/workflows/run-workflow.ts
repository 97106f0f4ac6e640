import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssayError } from "#base";
import type { Executor } from "../executor.ts";
import type { Limits } from "../run-bounded.ts";
import { removeFolder } from "../work-folder.ts";
import { holds, type Value } from "./expressions.ts";
import { combinationsOf } from "./matrix.ts";
import { type Job, readWorkflow, type Workflow } from "./read-workflow.ts";
import { type JobReport, runJob } from "./run-job.ts";

/** How a workflow ended: as the authors judge it, a job that was skipped makes the whole invalid. */
export interface WorkflowReport {
  readonly outcome: "success" | "failure" | "invalid";
  /** Why it is invalid: features that the runner lacks, tools that are not at hand, skipped jobs. */
  readonly reasons: readonly string[];
  readonly jobs: readonly JobReport[];
}

/** What a workflow is run with. */
export interface RunWorkflowOptions {
  /** Writes the files of the commit into a folder that does not exist yet or is empty. */
  readonly checkout: (folder: string) => void;
  readonly executor: Executor;
  /** Of each job. */
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/**
 * Runs the jobs of a workflow in the order of their needs, each combination of a matrix in a folder of its own.
 *
 * Nothing runs when the workflow asks for something that the runner lacks: it is invalid then, and the reasons name it.
 *
 * @throws the signal's reason when it fires: a build that was cut short has no outcome
 */
export async function runWorkflow(text: string, options: RunWorkflowOptions): Promise<WorkflowReport> {
  const room = mkdtempSync(join(tmpdir(), "assay-build-"));
  try {
    const workflow = readWorkflow(text);
    if (workflow.unsupported.length > 0) return { outcome: "invalid", reasons: workflow.unsupported, jobs: [] };
    return judged(await runJobs(workflow, { ...options, room }));
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return { outcome: "invalid", reasons: [error.message], jobs: [] };
  } finally {
    removeFolder(room);
  }
}

async function runJobs(workflow: Workflow, options: RunWorkflowOptions & { room: string }): Promise<JobReport[]> {
  const reports: JobReport[] = [];
  const results = new Map<string, JobReport["outcome"]>();
  for (const job of inOrder(workflow.jobs)) {
    const own = await runCombinations(job, { ...options, workflow, results, first: reports.length });
    reports.push(...own);
    results.set(job.id, worst(own));
  }
  return reports;
}

interface Combining extends RunWorkflowOptions {
  readonly room: string;
  readonly workflow: Workflow;
  readonly results: ReadonlyMap<string, JobReport["outcome"]>;
  readonly first: number;
}

async function runCombinations(job: Job, options: Combining): Promise<JobReport[]> {
  const { room, workflow, results, first, signal } = options;
  const contexts = contextsOf(job, { workflow, results });
  const failed = job.needs.some((need) => results.get(need) !== "success");
  if (!holds(job.if, { contexts, status: failed ? "failure" : "success" })) {
    return [{ name: job.name, outcome: "skipped", steps: [] }];
  }
  const reports: JobReport[] = [];
  for (const [at, combination] of combinationsOf(job.matrix).entries()) {
    signal?.throwIfAborted();
    const own = join(room, String(first + at));
    mkdirSync(own);
    const report = await runJob(job, { ...options, combination, contexts, room: own });
    signal?.throwIfAborted();
    reports.push(
      job.continueOnError === true && report.outcome === "failure" ? { ...report, outcome: "success" } : report,
    );
    removeFolder(own);
  }
  return reports;
}

function contextsOf(job: Job, { workflow, results }: Pick<Combining, "workflow" | "results">) {
  const needs = job.needs.map((need) => [need, { result: results.get(need) ?? "skipped", outputs: {} }]);
  const github = {
    event_name: "push",
    ref: "refs/heads/main",
    ref_name: "main",
    workflow: workflow.name,
    job: job.id,
    actor: "assay",
    repository: "local/local",
  };
  const contexts: Record<string, Value> = { github, needs: Object.fromEntries(needs), vars: {}, inputs: {} };
  return {
    ...contexts,
    runner: { os: "Linux", arch: "X64", temp: "/tmp" },
    env: workflow.env,
    matrix: {},
    strategy: {},
  };
}

/** Jobs behind those that they need. @throws AssayError WORKFLOW_INVALID for a circle or a job that does not exist */
function inOrder(jobs: readonly Job[]): Job[] {
  const ordered: Job[] = [];
  let waiting = [...jobs];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((need) => ordered.some(({ id }) => id === need)));
    if (ready.length === 0) {
      throw new AssayError(
        "WORKFLOW_INVALID",
        `workflow: Expected needs that can be met, got ${waiting.map(({ id }) => id).join(", ")}`,
      );
    }
    ordered.push(...ready);
    waiting = waiting.filter((job) => !ready.includes(job));
  }
  return ordered;
}

const ranks: readonly JobReport["outcome"][] = ["invalid", "failure", "skipped", "success"];
const worst = (reports: readonly JobReport[]): JobReport["outcome"] =>
  ranks.find((rank) => reports.some(({ outcome }) => outcome === rank)) ?? "skipped";

function judged(jobs: readonly JobReport[]): WorkflowReport {
  const reasons = jobs.flatMap(({ name, outcome, reason }) =>
    outcome === "invalid" ? [`${name}: ${reason}`] : outcome === "skipped" ? [`${name}: skipped`] : [],
  );
  const failed = jobs.some(({ outcome }) => outcome === "failure");
  // A failure counts whatever else was skipped because of it.
  if (failed && !jobs.some(({ outcome }) => outcome === "invalid")) return { outcome: "failure", reasons: [], jobs };
  if (reasons.length > 0 || jobs.length === 0)
    return { outcome: "invalid", reasons: reasons.length > 0 ? reasons : ["no jobs"], jobs };
  return { outcome: "success", reasons: [], jobs };
}
