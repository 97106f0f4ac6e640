import { parse } from "yaml";
import { AssayError } from "#base";
import type { Value } from "./expressions.ts";

/** One step of a job. */
export interface Step {
  readonly name: string;
  readonly id?: string;
  readonly run?: string;
  /** `actions/checkout@v4` */
  readonly uses?: string;
  readonly with: Readonly<Record<string, Value>>;
  readonly env: Readonly<Record<string, Value>>;
  readonly if?: string;
  readonly shell?: string;
  readonly folder?: string;
  readonly continueOnError: Value;
  readonly minutes?: number;
}

/** One job before its matrix is unfolded. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly needs: readonly string[];
  readonly if?: string;
  readonly env: Readonly<Record<string, Value>>;
  readonly matrix: Readonly<Record<string, Value>>;
  readonly shell?: string;
  readonly folder?: string;
  readonly continueOnError: Value;
  readonly minutes?: number;
  readonly steps: readonly Step[];
}

/** A workflow, and what of it the runner lacks. */
export interface Workflow {
  readonly name: string;
  readonly env: Readonly<Record<string, Value>>;
  readonly jobs: readonly Job[];
  /** Features that are not run, one line each: such a workflow is invalid here, not failed. */
  readonly unsupported: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the YAML of a workflow. @throws AssayError WORKFLOW_INVALID when it is none */
export function readWorkflow(text: string): Workflow {
  const root = fieldsOf(parsed(text));
  const jobs = Object.entries(fieldsOf(root.jobs));
  if (jobs.length === 0) throw invalid('"jobs"');
  const defaults = fieldsOf(fieldsOf(root.defaults).run);
  const unsupported = jobs.flatMap(([id, job]) => missingIn(id, fieldsOf(job)));
  return {
    name: wordOf(root.name) ?? "workflow",
    env: valuesOf(root.env),
    jobs: jobs.map(([id, job]) => jobOf(id, fieldsOf(job), defaults)),
    unsupported: [
      ...(/\$\{\{[^}]*\bsecrets\./.test(text) ? ["secrets"] : []),
      ...(/\bneeds\.[\w-]+\.outputs\b/.test(text) ? ["values that one job hands to another"] : []),
      ...unsupported,
    ],
  };
}

function parsed(text: string): unknown {
  try {
    // Aliases that unfold into more than this many values are a trick, not a workflow.
    return parse(text, { maxAliasCount: 100, merge: true });
  } catch (cause) {
    throw invalid("YAML", cause);
  }
}

const invalid = (expected: string, cause?: unknown): AssayError =>
  new AssayError("WORKFLOW_INVALID", `workflow: Expected ${expected}; the text is no workflow`, { cause });

/** Parts of a job that need a service or another machine. */
function missingIn(id: string, job: Fields): string[] {
  const what = [
    ...(job.uses === undefined ? [] : [`the reusable workflow ${String(job.uses)}`]),
    ...(job.services === undefined ? [] : ["service containers"]),
    ...(typeof fieldsOf(job.strategy).matrix === "string" ? ["a matrix that is computed"] : []),
    ...(job.container === undefined ? [] : ["a container of its own"]),
    ...(/windows|macos|self-hosted/.test(JSON.stringify(job["runs-on"] ?? ""))
      ? [`a machine of ${JSON.stringify(job["runs-on"])}`]
      : []),
    ...listOf(job.steps).flatMap((step) => actionsMissing(fieldsOf(step))),
  ];
  return what.map((one) => `job ${id}: ${one}`);
}

/** Actions that the runner takes the part of. */
export const knownActions = ["actions/checkout", "actions/setup-node", "actions/setup-python"] as const;

/** Actions without which a build goes on as well. */
const idleActions = ["actions/cache", "actions/upload-artifact"];

function actionsMissing({ uses }: Fields): string[] {
  if (typeof uses !== "string") return [];
  const name = actionOf(uses);
  return [...knownActions, ...idleActions].includes(name) ? [] : [`the action ${uses}`];
}

/** `actions/checkout@v4` without its version. */
export const actionOf = (uses: string): string => uses.split("@")[0]!;

function jobOf(id: string, job: Fields, defaults: Fields): Job {
  const run = { ...defaults, ...fieldsOf(fieldsOf(job.defaults).run) };
  return {
    id,
    name: wordOf(job.name) ?? id,
    needs: listOf(job.needs ?? []).map(String),
    ...optional("if", wordOf(job.if)),
    env: valuesOf(job.env),
    matrix: valuesOf(fieldsOf(job.strategy).matrix),
    ...optional("shell", wordOf(run.shell)),
    ...optional("folder", wordOf(run["working-directory"])),
    ...optional("minutes", numberOf(job["timeout-minutes"])),
    continueOnError: (job["continue-on-error"] ?? false) as Value,
    steps: listOf(job.steps ?? []).map((step, at) => stepOf(fieldsOf(step), at)),
  };
}

function stepOf(step: Fields, at: number): Step {
  const firstLine = wordOf(step.run)?.trim().split("\n")[0];
  return {
    name: wordOf(step.name) ?? wordOf(step.uses) ?? (firstLine === undefined ? `step ${at + 1}` : `Run ${firstLine}`),
    ...optional("id", wordOf(step.id)),
    ...optional("run", wordOf(step.run)),
    ...optional("uses", wordOf(step.uses)),
    with: valuesOf(step.with),
    env: valuesOf(step.env),
    ...optional("if", wordOf(step.if)),
    ...optional("shell", wordOf(step.shell)),
    ...optional("folder", wordOf(step["working-directory"])),
    ...optional("minutes", numberOf(step["timeout-minutes"])),
    continueOnError: (step["continue-on-error"] ?? false) as Value,
  };
}

const optional = <Name extends string, One>(name: Name, value: One | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: One };

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const valuesOf = (value: unknown): Readonly<Record<string, Value>> =>
  fieldsOf(value) as Readonly<Record<string, Value>>;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const wordOf = (value: unknown): string | undefined =>
  ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
