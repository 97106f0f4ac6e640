import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { AssayError } from "#base";
import { priceTable, secretNames } from "#evals";
import { containersMissing, findIsolation } from "#sandbox";
import type { Desk } from "./desk.ts";
import { readableBytes } from "./plan.ts";
import { packageVersion } from "./version.ts";

/** One thing that was looked at: what was found, and what to do when it is not well. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly ok: boolean;
  readonly advice?: string;
}

/** Looks at everything that a run depends on; writes nothing. */
export async function examine(desk: Desk): Promise<Finding[]> {
  return [runtime(), await engine(), store(desk), space(desk), ...keys(desk), prices(), builds(), sharedData(desk)];
}

const runtime = (): Finding => ({
  what: "assay, Node, SQLite",
  found: `${packageVersion()}, ${process.versions.node}, ${process.versions.sqlite}`,
  ok: true,
});

/** Whether the engine computes here, and how fast. Loaded here alone: its library must not slow or break other commands. */
async function engine(): Promise<Finding> {
  const what = "engine";
  try {
    const { measureEngine } = await import("#engine");
    const { runtime, providers, threads, gflops } = await measureEngine();
    const speed = `${Math.round(gflops)} GFLOP/s (float32, 1024 × 1024 × 1024)`;
    return { what, found: `ONNX Runtime ${runtime}, ${providers.join(" ")}, ${threads} threads, ${speed}`, ok: true };
  } catch (error) {
    const advice = `${error instanceof Error ? error.message : error}; install again with npm install`;
    return { what, found: "does not compute", ok: false, advice };
  }
}

function store(desk: Desk): Finding {
  const what = "store";
  if (!existsSync(desk.home)) return { what, found: `${desk.home} (made by the first run)`, ok: true };
  try {
    // Opened for writing, which checks its pages.
    using opened = desk.openStore();
    const { mode } = opened.row<{ mode: string }>("SELECT journal_mode AS mode FROM pragma_journal_mode")!;
    return { what, found: `${desk.home} (${mode}, whole)`, ok: true };
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return { what, found: `${desk.home}: ${error.code}`, ok: false, advice: error.message };
  }
}

/** Whether the store is there and can no longer be read as one; a newer or busy store is well. */
export function isDamaged(desk: Desk): boolean {
  return store(desk).found.endsWith("STORE_CORRUPT");
}

const leastSpace = 2 ** 30;

function space({ home }: Desk): Finding {
  const what = "free disk space";
  let folder = home;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const found = readableBytes(bavail * bsize);
  if (bavail * bsize >= leastSpace) return { what, found, ok: true };
  return { what, found, ok: false, advice: "a full disk stops a run; free some space, or choose another ASSAY_HOME" };
}

/** Names only; a value is never shown. */
function keys(desk: Desk): Finding[] {
  const environment = desk.environment();
  const set = secretNames.filter((name) => environment[name]);
  if (set.length > 0) return set.map((name) => ({ what: name, found: "set", ok: true }));
  const advice = "put one, such as OPENAI_API_KEY, into the environment or .env to examine a model behind an API";
  return [{ what: "keys", found: "none (baselines and local servers need none)", ok: true, advice }];
}

const prices = (): Finding => ({
  what: "prices",
  found: `${Object.keys(priceTable.prices).length} models, of ${priceTable.date}`,
  ok: true,
});

/** What foreign code would be kept from, if the user let it run: CI repair runs builds. */
function builds(): Finding {
  const what = "foreign builds";
  const missing = containersMissing();
  const { kind, network, files, notes } = findIsolation();
  const here = `here, on your word: ${kind}, network ${network}, other files ${files}`;
  const found = missing === undefined ? `containers; ${here}` : `no containers (${missing}); ${here}`;
  return {
    what,
    found,
    ok: kind !== "none" || missing === undefined,
    ...(notes.length > 0 && { advice: notes.join("; ") }),
  };
}

function sharedData({ env }: Desk): Finding {
  const folder = env.ASSAY_SHARED ?? "../shared";
  const found = existsSync(folder) ? folder : "absent (only the project's own tests want it)";
  return { what: "shared test data", found, ok: true };
}
