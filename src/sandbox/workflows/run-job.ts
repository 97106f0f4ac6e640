import { join } from "node:path";
import { AssayError } from "#base";
import type { AskedTool, Executor, JobPlace } from "../executor.ts";
import type { Limits } from "../run-bounded.ts";
import { isFolder, removeFolder, requireFolder } from "../work-folder.ts";
import { type ExpressionScope, evaluate, holds, interpolate, textOf, type Value } from "./expressions.ts";
import type { Combination } from "./matrix.ts";
import { actionOf, type Job, type Step, type Workflow } from "./read-workflow.ts";
import { StepFiles } from "./step-files.ts";

/** What became of one step. */
export interface StepReport {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped" | "timeout" | "aborted";
  readonly log: string;
}

/** What became of one job. */
export interface JobReport {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped" | "invalid";
  readonly steps: readonly StepReport[];
  /** Why it is invalid. */
  readonly reason?: string;
}

/** What a job runs with. */
export interface RunJobOptions {
  readonly workflow: Workflow;
  readonly combination: Combination;
  /** An empty folder. */
  readonly room: string;
  /** Writes the files of the commit into a folder. */
  readonly checkout: (folder: string) => void;
  readonly executor: Executor;
  readonly limits: Limits;
  readonly contexts: ExpressionScope["contexts"];
  readonly signal?: AbortSignal;
}

/** Runs the steps of a job, one after the other. @throws AssayError EXPRESSION_UNSUPPORTED */
export async function runJob(job: Job, options: RunJobOptions): Promise<JobReport> {
  const { combination, contexts, executor, room } = options;
  const name = nameOf(job, combination);
  const scope: ExpressionScope = { contexts: { ...contexts, matrix: combination } };
  const place = await executor.open({ folder: room, tools: toolsOf(job, scope) });
  if (typeof place === "string") return { name, outcome: "invalid", steps: [], reason: place };
  try {
    return { name, ...(await new JobRun(job, { ...options, place, scope }).run()) };
  } finally {
    await place.close();
  }
}

function nameOf(job: Job, combination: Combination): string {
  const values = Object.values(combination).map(textOf);
  return values.length === 0 ? job.name : `${job.name} (${values.join(", ")})`;
}

function toolsOf({ steps }: Job, scope: ExpressionScope): AskedTool[] {
  return steps.flatMap(({ uses = "", with: inputs }) => {
    const [, name] = /^actions\/setup-(node|python)@/.exec(uses) ?? [];
    const version = interpolate(textOf(inputs[`${name}-version`] ?? ""), scope);
    return name === undefined ? [] : [{ name: name as AskedTool["name"], version }];
  });
}

interface Placed extends RunJobOptions {
  readonly place: JobPlace;
  readonly scope: ExpressionScope;
}

class JobRun {
  readonly #job: Job;
  readonly #options: Placed;
  readonly #files: StepFiles;
  readonly #workspace: string;
  readonly #exported: Record<string, string> = {};
  readonly #paths: string[] = [];
  readonly #steps: Record<string, Value> = {};
  readonly #reports: StepReport[] = [];
  #status: "success" | "failure" = "success";
  #secondsLeft: number;

  constructor(job: Job, options: Placed) {
    this.#job = job;
    this.#options = options;
    this.#files = new StepFiles(options.room);
    this.#workspace = join(options.room, "workspace");
    requireFolder(this.#workspace);
    this.#secondsLeft = Math.min(options.limits.seconds, (job.minutes ?? 360) * 60);
  }

  async run(): Promise<Omit<JobReport, "name">> {
    for (const step of this.#job.steps) await this.#step(step);
    return { outcome: this.#status, steps: this.#reports };
  }

  async #step(step: Step): Promise<void> {
    const scope = this.#scope(step);
    const name = interpolate(step.name, scope);
    if (!holds(step.if, scope)) return this.#report(step, { name, outcome: "skipped", log: "" });
    const report =
      step.run === undefined ? this.#use(step, { name, scope }) : await this.#runScript(step, { name, scope });
    const tolerated = isTrue(step.continueOnError, scope);
    if (report.outcome !== "success" && !tolerated) this.#status = "failure";
    this.#report(step, report, tolerated);
  }

  #report({ id }: Step, report: StepReport, tolerated = false): void {
    this.#reports.push(report);
    if (id === undefined) return;
    const outcome = report.outcome === "timeout" ? "failure" : report.outcome;
    this.#steps[id] = { outcome, conclusion: tolerated ? "success" : outcome, outputs: this.#files.outputs() };
  }

  #scope(step: Step): ExpressionScope {
    const { scope, workflow } = this.#options;
    const contexts = { ...scope.contexts, steps: this.#steps, job: { status: this.#status } };
    const env: Record<string, Value> = {};
    // Each level may speak of those above it.
    for (const level of [workflow.env, this.#job.env, this.#exported, step.env]) {
      const filled = Object.entries(level).map(([key, value]) => [
        key,
        interpolate(textOf(value), { contexts: { ...contexts, env } }),
      ]);
      Object.assign(env, Object.fromEntries(filled));
    }
    return { contexts: { ...contexts, env }, status: this.#status };
  }

  /** The runner takes the part of the actions that it knows; the others were refused before anything ran. */
  #use({ uses = "", with: inputs }: Step, { name, scope }: { name: string; scope: ExpressionScope }): StepReport {
    if (actionOf(uses) !== "actions/checkout") return { name, outcome: "success", log: `${uses}: at hand\n` };
    const other =
      inputs.repository ?? (inputs.submodules === undefined || inputs.submodules === false ? undefined : "submodules");
    if (other !== undefined) throw lacking(`actions/checkout of ${textOf(other)}`);
    this.#options.checkout(this.#emptied(interpolate(textOf(inputs.path ?? ""), scope)));
    return { name, outcome: "success", log: `${uses}: the files of the commit\n` };
  }

  /** A place in the workspace, emptied as the action does it. What writes there is not isolated: it must not follow a link. */
  #emptied(path: string): string {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    const folders = [...parts.keys(), parts.length].map((count) => join(this.#workspace, ...parts.slice(0, count)));
    const target = folders.pop()!;
    const leadsOut = /^\/|\0/.test(path) || parts.includes("..") || folders.some((folder) => !isFolder(folder));
    if (leadsOut) throw lacking(`actions/checkout out of the workspace, to ${path}`);
    removeFolder(target);
    return target;
  }

  async #runScript(step: Step, { name, scope }: { name: string; scope: ExpressionScope }): Promise<StepReport> {
    const seconds = Math.min(this.#secondsLeft, (step.minutes ?? 360) * 60);
    if (seconds <= 0) return { name, outcome: "timeout", log: "" };
    const script = interpolate(step.run!, scope);
    const folder = interpolate(step.folder ?? this.#job.folder ?? ".", scope);
    const told = this.#files.prepare();
    const command = commandFor(step.shell ?? this.#job.shell, (ending, start) =>
      this.#files.script(start(folder) + script, ending),
    );
    const started = performance.now();
    const { outcome, output } = await this.#options.place.run({
      command: [
        "bash",
        "-c",
        'cd "$1" && cd "$2" && shift 2 && exec "$@"',
        "step",
        this.#workspace,
        folder,
        ...command,
      ],
      env: { ...this.#environment(scope), ...told },
      limits: { ...this.#options.limits, seconds },
      ...(this.#options.signal !== undefined && { signal: this.#options.signal }),
    });
    this.#secondsLeft -= (performance.now() - started) / 1000;
    Object.assign(this.#exported, this.#files.variables());
    this.#paths.unshift(...this.#files.paths());
    return { name, outcome, log: output };
  }

  #environment({ contexts }: ExpressionScope): Record<string, string> {
    const env = Object.entries(contexts.env as Readonly<Record<string, Value>>).map(([key, value]) => [
      key,
      textOf(value),
    ]);
    return {
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: this.#workspace,
      RUNNER_OS: "Linux",
      ...Object.fromEntries(env),
      ...(this.#paths.length > 0 && { PATH: this.#paths.join(":") }),
    };
  }
}

const isTrue = (value: Value, scope: ExpressionScope): boolean =>
  typeof value === "string"
    ? Boolean(evaluate(value.replace(/^\$\{\{([\s\S]*)\}\}$/, "$1").trim(), scope))
    : Boolean(value);

type Write = (ending: string, start: (folder: string) => string) => string;

const nothing = (): string => "";

/** The command of a shell as GitHub starts it, with the script in the place of `{0}`. */
function commandFor(shell: string | undefined, write: Write): string[] {
  if (shell === undefined) return ["bash", "-e", write("sh", nothing)];
  if (shell === "bash") return ["bash", "--noprofile", "--norc", "-eo", "pipefail", write("sh", nothing)];
  if (shell === "sh") return ["sh", "-e", write("sh", nothing)];
  if (shell === "python") return ["python3", write("py", nothing)];
  const words = shell.split(/\s+/);
  if (!/^(bash|sh|python3?)$/.test(words[0]!) || !words.includes("{0}")) throw lacking(`the shell ${shell}`);
  return words.map((word) => (word === "{0}" ? write("sh", nothing) : word));
}

const lacking = (what: string): AssayError =>
  new AssayError("WORKFLOW_UNSUPPORTED", `workflow: The runner lacks ${what}`);
