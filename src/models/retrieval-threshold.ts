import { join } from "node:path";
import { AssayError } from "#base";
import { firstFile, writeAtomically } from "#formats";
import { readJson } from "./load-model.ts";

const fileName = "retrieval.json";

/** Writes down the cosine below which a model of pictures and texts says that nothing matches. */
export function writeThreshold(folder: string, threshold: number): void {
  const text = `${JSON.stringify({ threshold }, null, 2)}\n`;
  writeAtomically(join(folder, fileName), (append) => append(Buffer.from(text)));
}

/** The cosine of a folder's retrieval.json; undefined where nobody measured one. @throws AssayError CONFIG_INVALID */
export function readThreshold(folder: string): number | undefined {
  const file = firstFile([join(folder, fileName)]);
  if (file === undefined) return undefined;
  const { threshold } = readJson(file);
  if (typeof threshold === "number" && threshold >= -1 && threshold <= 1) return threshold;
  const got = JSON.stringify(threshold) ?? "nothing";
  throw new AssayError(
    "CONFIG_INVALID",
    `retrieval: Expected a cosine from -1 to 1 for "threshold" in ${file}, got ${got}`,
  );
}
