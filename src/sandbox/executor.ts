import type { Ended, Limits } from "./run-bounded.ts";

/** One command of a job. */
export interface JobCommand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/** A place in which the commands of one job run, one after the other. */
export interface JobPlace {
  run(command: JobCommand): Promise<Ended>;
  close(): Promise<void>;
}

/** A tool that a job asks for. */
export interface AskedTool {
  readonly name: "node" | "python";
  /** `24`, `24.x`, `3.12`, `lts/*`; empty for any. */
  readonly version: string;
}

/** Where jobs run. */
export interface Executor {
  readonly kind: "containers" | "here";
  /** What it keeps from the jobs, and what it cannot, for people. */
  readonly notes: readonly string[];
  /** Opens a place that may write `folder`; a text says why it cannot give what is asked for. */
  open(options: { readonly folder: string; readonly tools: readonly AskedTool[] }): Promise<JobPlace | string>;
}

/** Whether a version at hand is what a job asks for: each part that it names must be the same. */
export function satisfies(version: string, asked: string): boolean {
  const bare = asked.trim().replace(/^v/, "");
  if (/^(|\*|x|node|latest|current|lts\/.*)$/.test(bare)) return true;
  const [, sign = "", wanted = ""] = /^(>=|\^|~)?\s*(.*)$/.exec(bare) ?? [];
  const own = version.split(".").map(Number);
  const parts = wanted
    .split(".")
    .filter((part) => !/^(x|\*|)$/.test(part))
    .map(Number);
  if (parts.some(Number.isNaN)) return false;
  if (sign === ">=") return compareVersions(own, parts) >= 0;
  if (sign === "^") return own[0] === parts[0] && compareVersions(own, parts) >= 0;
  if (sign === "~") return parts.slice(0, 2).every((part, at) => part === own[at]) && compareVersions(own, parts) >= 0;
  return parts.every((part, at) => part === own[at]);
}

function compareVersions(own: readonly number[], other: readonly number[]): number {
  for (const [at, part] of other.entries()) if ((own[at] ?? 0) !== part) return (own[at] ?? 0) - part;
  return 0;
}
