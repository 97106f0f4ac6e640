import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssayError, suggestion } from "#base";
import { listFolder } from "#formats";

/** Beside the source in a checkout, beside `dist` in the published package. */
const root = fileURLToPath(new URL("../../miniatures", import.meta.url));
const prefix = "mini:";

/** Whether a place names one of the lab's own small models: `mini:atlas`. */
export const isMiniature = (place: string): boolean => place.startsWith(prefix);

/** Where a miniature lies. @throws AssayError MODEL_UNKNOWN with the nearest name */
export function miniatureFolder(place: string): string {
  const name = place.slice(prefix.length);
  const known = listFolder(root).flatMap((file) => /^([\w-]+)\/config\.json$/.exec(file.name)?.[1] ?? []);
  if (known.includes(name)) return join(root, name);
  const hint = suggestion(
    place,
    known.map((one) => prefix + one),
  );
  throw new AssayError("MODEL_UNKNOWN", `models: Expected a miniature, got "${place}"${hint}`);
}
