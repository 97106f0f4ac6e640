import { AssayError, suggestion } from "#base";
import type { MergeConfig } from "#formats";

/** What some method reads. */
const read = ["weight", "density", "t", "lambda", "normalize", "rescale"];
/** What mergekit's own configurations say and changes no number here: masks are never kept. */
const ignored = ["int8_mask"];

/** A slip in a setting's name would leave its number at what holds where nothing is said. @throws AssayError MERGE_SETTING_INVALID */
export function expectKnownSettings({ models = [], slices = [], settings }: MergeConfig): void {
  const inputs = [...models, ...slices.flatMap(({ sources }) => sources)].map((input) => input.settings);
  const tables = [settings, ...slices.map((slice) => slice.settings), ...inputs];
  const names = [...read, ...ignored];
  const wrong = tables.flatMap((table) => Object.keys(table)).find((name) => !names.includes(name));
  if (wrong === undefined) return;
  const claim = `Expected parameters among ${read.join(", ")}, got "${wrong}"${suggestion(wrong, names)}`;
  throw new AssayError("MERGE_SETTING_INVALID", `merge: ${claim}`);
}
