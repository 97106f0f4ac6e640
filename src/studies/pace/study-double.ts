/** Runs of the tiny preset on the committed miniature, for tests. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { MeasuredRecord } from "#base";
import { conduct, createRun, type Run, resolveSettings, Store } from "#runs";
import { type Settings, settings as table } from "./settings.ts";
import study from "./study.ts";

/** Settings of the tiny preset with some of one's own. */
export const settingsWith = (assignments: Readonly<Record<string, string>> = {}): Settings =>
  resolveSettings(table, { study: "pace", preset: "tiny", assignments }) as Settings;

/** Where a run stands, and how it goes. */
export interface Conducting {
  /** A folder for its store. */
  readonly home: string;
  readonly kind?: "open" | "control";
  /** Ends the run before the first step with this in its name. */
  readonly stopBefore?: string;
}

/** A run, finished or stopped. */
export async function conducted(
  assignments: Readonly<Record<string, string>>,
  { home, kind = "open", stopBefore }: Conducting,
): Promise<Run> {
  const settings = settingsWith(assignments);
  const run = createRun(new Store(join(home, `store-${randomUUID()}`)), {
    study: "pace",
    preset: "tiny",
    seed: 0,
    limit: null,
    code: "test",
    settings: settings as never,
    data: await study.identify({ settings, seed: 0 }),
    subjects: [{ name: "mini:vit", kind, identity: {} }],
  });
  const stop = new AbortController();
  const step = run.step.bind(run);
  run.step = (async (name: string, compute: () => Promise<never>) => {
    if (stopBefore !== undefined && name.includes(stopBefore)) stop.abort();
    stop.signal.throwIfAborted();
    return step(name, compute);
  }) as never;
  await proceed(run, { kind, signal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  run.step = step;
  return run;
}

/** Takes a run up where it stands. */
export async function proceed(
  run: Run,
  { kind = "open", signal = new AbortController().signal }: Pick<Conducting, "kind"> & { signal?: AbortSignal } = {},
): Promise<void> {
  const subject = { name: "mini:vit", kind, identity: {}, ask: () => Promise.reject(new Error("asked")) } as const;
  await conduct(study, run, { subjects: [subject], signal, ask: (async () => {}) as never });
}

/** The values of a metric of the main variant, or of what else is wanted. */
export const valuesOf = (run: Run, metric: string, wanted: MeasuredRecord["setting"] = {}) =>
  run
    .records()
    .filter((record) => record.metric === metric)
    .filter(({ setting }) =>
      Object.entries({ variant: "main", ...wanted }).every(([name, value]) => setting[name] === value),
    )
    .map(({ value }) => value);
