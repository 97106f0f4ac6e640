/** What a configuration says for one tensor. */
import { AssayError } from "#base";
import type { MergeSetting, MergeSettings, MergeValue } from "#formats";

/** Where a tensor stands: its name, and how deep its block lies, 0 for the first and 1 for the last. */
export interface TensorPlace {
  readonly name: string;
  readonly depth: number;
}

/**
 * A setting's value for a tensor: gradients are straight lines through their points, from the first block to the last;
 * of values with filters the first whose filter is part of the tensor's name. Undefined where none fits.
 *
 *     v(t) = (1 − f) · v_i + f · v_{i+1}      t · (points − 1) = i + f
 *
 * Source   mergekit 0.1.5, config.py, evaluate_setting()
 */
export function settingAt(setting: MergeSetting, place: TensorPlace): MergeValue | undefined {
  if (!Array.isArray(setting)) return setting as MergeValue;
  if (!setting.some((item) => typeof item === "object")) return alongGradient(setting as MergeValue[], place.depth);
  const fitting = (setting as Exclude<MergeSetting, MergeValue | readonly MergeValue[]>).find(
    ({ filter }) => filter === undefined || filter === "*" || place.name.includes(filter),
  );
  return fitting && settingAt(fitting.value, place);
}

function alongGradient(points: readonly MergeValue[], depth: number): MergeValue {
  const scaled = depth * (points.length - 1);
  const first = Math.floor(scaled);
  const [low, high] = [points[first]!, points[Math.min(points.length - 1, first + 1)]!];
  return typeof low === "number" && typeof high === "number" ? low + (scaled - first) * (high - low) : low;
}

/** The first of several tables of settings that says something of a tensor. */
export function settingOf(name: string, tables: readonly MergeSettings[], place: TensorPlace): MergeValue | undefined {
  for (const table of tables) {
    const found = table[name] === undefined ? undefined : settingAt(table[name], place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a setting is looked up. */
export interface SettingLookup<T> {
  /** The most particular first. */
  readonly tables: readonly MergeSettings[];
  readonly place: TensorPlace;
  /** What holds where nothing is said. */
  readonly fallback?: T;
}

/** A number for a tensor. @throws AssayError MERGE_SETTING_INVALID */
export function numberOf(name: string, { tables, place, fallback }: SettingLookup<number>): number {
  const found = settingOf(name, tables, place) ?? fallback;
  const number = typeof found === "string" ? Number(found) : found;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  const got = found === undefined ? "none" : JSON.stringify(found);
  throw new AssayError(
    "MERGE_SETTING_INVALID",
    `merge: Expected a number for "${name}" at "${place.name}", got ${got}`,
  );
}

/** A switch for a tensor. @throws AssayError MERGE_SETTING_INVALID */
export function switchOf(name: string, { tables, place, fallback }: Required<SettingLookup<boolean>>): boolean {
  const found = settingOf(name, tables, place) ?? fallback;
  if (typeof found === "boolean") return found;
  if (found === 0 || found === 1) return found === 1;
  const got = JSON.stringify(found);
  throw new AssayError("MERGE_SETTING_INVALID", `merge: Expected true or false for "${name}", got ${got}`);
}
