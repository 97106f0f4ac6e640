import type { z } from "zod";
import { AssayError, canonicalJson, type Json, suggestion, UsageError } from "#base";

/** `tiny` tests in seconds, `mini` a committed miniature in a minute, `standard` hours, `paper` the real thing. */
export type Preset = "tiny" | "mini" | "standard" | "paper";
/** The presets, from the quickest to the real thing. */
export const presets = ["tiny", "mini", "standard", "paper"] as const satisfies readonly Preset[];

/** One number of the paper: its symbol, its value there, and what the smaller presets use instead. */
export interface Setting<T> {
  readonly symbol?: string;
  readonly meaning: string;
  /** Accepts the typed value and the text of `--set name=text` alike. */
  readonly read: z.ZodType<T>;
  readonly paper: T;
  /** Section, table or file where the paper's value stands. */
  readonly from: string;
  readonly tiny?: T;
  readonly mini?: T;
  readonly standard?: T;
}

/** All settings of a study, by name. */
// biome-ignore lint/suspicious/noExplicitAny: a table of settings of different types has no narrower upper bound
export type SettingsTable = Readonly<Record<string, Setting<any>>>;

/** The values of a table of settings, by name. */
export type SettingsOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never;
};

/** Declares a study's settings: every number of the paper, with its symbol and its place. */
export function defineSettings<const Table extends SettingsTable>(table: Table): Table {
  return table;
}

/**
 * The frozen settings of a run: the preset's values, with the user's assignments over them.
 *
 * @throws UsageError UNKNOWN_SETTING, BAD_SETTING naming the setting, what it expects and the nearest known name
 */
export function resolveSettings<Table extends SettingsTable>(
  table: Table,
  { study, preset, assignments }: { study: string; preset: Preset; assignments: Readonly<Record<string, string>> },
): SettingsOf<Table> {
  for (const name of Object.keys(assignments)) {
    if (Object.hasOwn(table, name)) continue;
    const hint = suggestion(name, Object.keys(table));
    throw new UsageError("UNKNOWN_SETTING", `${study}: Expected a setting of the study, got "${name}"${hint}`);
  }
  const entries = Object.entries(table).map(([name, setting]) => {
    const assigned = assignments[name];
    return [
      name,
      assigned === undefined ? presetValue(setting, preset) : readSetting(setting, { study, name, assigned }),
    ];
  });
  return freeze(Object.fromEntries(entries)) as SettingsOf<Table>;
}

const presetValue = (setting: Setting<unknown>, preset: Preset): unknown => setting[preset] ?? setting.paper;

function readSetting(
  setting: Setting<unknown>,
  { study, name, assigned }: { study: string; name: string; assigned: string },
): unknown {
  const result = setting.read.safeParse(assigned);
  if (result.success) return result.data;
  const reason = result.error.issues.map((issue) => issue.message).join("; ");
  throw new UsageError(
    "BAD_SETTING",
    `${study}: Expected ${name} to be ${setting.meaning}, got "${assigned}" (${reason}); the paper uses ${show(setting.paper)}`,
  );
}

/** A setting's value as one would type it after `--set name=`. */
export function show(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : typeof value === "string" ? value : JSON.stringify(value);
}

function freeze<T extends object>(settings: T): T {
  // A setting that is not JSON could not enter the run's identity: better to learn it here than at the commit.
  canonicalJson(settings);
  return Object.freeze(settings);
}

/** Reads settings that were frozen into a run, for resuming it. @throws AssayError FROZEN_SETTINGS */
export function thawSettings<Table extends SettingsTable>(table: Table, frozen: Json): SettingsOf<Table> {
  if (typeof frozen !== "object" || frozen === null || Array.isArray(frozen)) {
    throw new AssayError("FROZEN_SETTINGS", "runs: Expected the frozen settings of a run, got something else");
  }
  const unknown = Object.keys(frozen).filter((name) => !(name in table));
  if (unknown.length > 0) {
    throw new AssayError(
      "FROZEN_SETTINGS",
      `runs: The run was frozen with settings that the study no longer has: ${unknown.join(", ")}`,
    );
  }
  return Object.freeze(frozen) as SettingsOf<Table>;
}
