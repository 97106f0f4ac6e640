/** Running the builds of an item: as it was, with the true repair, and with a subject's. */
import { logExcerpt, readRepair } from "#evals";
import {
  containerExecutor,
  containersMissing,
  type Executor,
  hereExecutor,
  runWorkflow,
  type WorkflowReport,
} from "#sandbox";
import type { Settings } from "../settings.ts";
import type { BuildItem } from "./item.ts";

/** What a build is run with. */
export interface BuildOptions {
  readonly settings: Settings;
  /** Files in the place of the failing ones. */
  readonly changes?: ReadonlyMap<string, string | null>;
  /** Whether nothing of it was written by a model or comes from elsewhere. */
  readonly isTrusted: boolean;
  readonly signal?: AbortSignal;
}

/** How a build ended, and what of its log the paper would show. */
export type BuildOutcome = {
  readonly outcome: WorkflowReport["outcome"];
  readonly reasons: readonly string[];
  readonly log: string;
};

/** Runs the workflow of an item on its failing state, some files changed. */
export async function runBuild(
  item: BuildItem,
  { settings, changes, isTrusted, signal }: BuildOptions,
): Promise<BuildOutcome> {
  const executor = executorFor(settings, isTrusted);
  if (typeof executor === "string") return { outcome: "invalid", reasons: [executor], log: "" };
  let leftOut: readonly string[] = [];
  const report = await runWorkflow(item.workflow, {
    checkout: (folder) => {
      leftOut = item.write({ folder, ...(changes !== undefined && { changes }) });
    },
    executor,
    limits: { seconds: settings.jobSeconds, memoryMb: 4096, diskMb: 2048 },
    ...(signal !== undefined && { signal }),
  });
  const unwritten = leftOut.filter((told) => [...(changes?.keys() ?? [])].some((path) => told.startsWith(`${path}: `)));
  // A repair that no file system takes is a wrong one, and not a build that cannot run.
  if (unwritten.length > 0) return { outcome: "failure", reasons: unwritten, log: "" };
  return { outcome: report.outcome, reasons: report.reasons, log: logExcerpt(plainLog(failedLog(report))) };
}

/** Where it may run, or why nowhere. What a model wrote runs only where the user allowed it. */
function executorFor({ runner }: Pick<Settings, "runner">, isTrusted: boolean): Executor | string {
  if (runner === "none") return "nothing is run: runner=none";
  if (runner === "here" || isTrusted) return hereExecutor();
  const missing = containersMissing();
  if (missing === undefined) return containerExecutor();
  return `${missing}; foreign code runs on this machine only on your word: --set runner=here`;
}

/** What the failed steps printed. */
const failedLog = ({ jobs }: WorkflowReport): string =>
  jobs
    .flatMap(({ steps }) => steps)
    .filter(({ outcome }) => outcome !== "success" && outcome !== "skipped")
    .map(({ log }) => log)
    .join("\n");

/** Without what differs from run to run, so that the same build makes the same prompt. */
const plainLog = (text: string): string =>
  text
    .replaceAll(/\S*assay-build-[^/\s]+\/\d+\/workspace/g, "/workspace")
    .replaceAll(/\d+(\.\d+)?(?= ?ms\b)|(?<=duration_ms:? )\d+(\.\d+)?/g, "0")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "0000-00-00");

const failing = new WeakMap<BuildItem, Promise<BuildOutcome>>();

/** The failing build, run once for each item however often it is asked for. */
export function runFailing(item: BuildItem, settings: Settings): Promise<BuildOutcome> {
  // A plan, which runs nothing, must not stand in for the build.
  if (settings.runner === "none") return runBuild(item, { settings, isTrusted: false });
  const known = failing.get(item) ?? runBuild(item, { settings, isTrusted: item.isOwnCode });
  failing.set(item, known);
  return known;
}

/** Whether an item counts: its build fails as it was, and passes with the true repair. */
export type Gate = {
  readonly isOpen: boolean;
  readonly before: BuildOutcome;
  readonly after: BuildOutcome;
};

/** Runs both builds of the gate, the second only when the first failed. */
export async function runGate(
  item: BuildItem,
  { settings, signal }: Pick<BuildOptions, "settings" | "signal">,
): Promise<Gate> {
  const before = await runFailing(item, settings);
  const unneeded: BuildOutcome = { outcome: "invalid", reasons: ["not run"], log: "" };
  const changes = before.outcome === "failure" ? await trueRepair(item) : undefined;
  const after =
    changes === undefined
      ? unneeded
      : await runBuild(item, { settings, changes, isTrusted: item.isOwnCode, ...(signal !== undefined && { signal }) });
  return { isOpen: before.outcome === "failure" && after.outcome === "success", before, after };
}

/** The texts that the true repair makes; undefined when it does not fit the clone. */
export async function trueRepair(item: BuildItem): Promise<ReadonlyMap<string, string | null> | undefined> {
  const read = readerOf(await item.files());
  const found = readRepair(item.diff, { blocks: [], read });
  return typeof found === "string" ? undefined : found.files;
}

/** Reads a file's text by its path. */
export function readerOf(files: Awaited<ReturnType<BuildItem["files"]>>): (path: string) => string | undefined {
  const known = new Map(files.map((file) => [file.path, file]));
  return (path) => known.get(path)?.content ?? undefined;
}
