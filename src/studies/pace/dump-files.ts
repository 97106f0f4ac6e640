import { hashOf, type Json, UsageError } from "#base";
import { firstFile, hashFile, listFolder } from "#formats";
import type { Settings } from "./settings.ts";

const isFile = (place: string): boolean => place !== "" && firstFile([place]) !== undefined;

/** Hash of a dump's file, or of its files' names and sizes. @throws UsageError PICTURES_MISSING; AssayError FILE_MISSING */
export function dumpIdentity({ images }: Settings): Json {
  return isFile(images) ? hashFile(images) : hashOf(filesOf(images).map(({ name, bytes }) => [name, bytes]));
}

/** Where a dump's parts lie: `train` and `test`, or all in one. @throws UsageError PICTURES_MISSING; AssayError FILE_MISSING */
export function dumpPlaces(
  place: string,
): { readonly train: string; readonly test: string } | { readonly all: string } {
  if (isFile(place)) return { all: place };
  const names = filesOf(place).map(({ name }) => name);
  const part = (name: string) => `${place}/${names.includes(`${name}.safetensors`) ? `${name}.safetensors` : name}`;
  const hasSplit = names.some((name) => name.startsWith("train/") || name === "train.safetensors");
  return hasSplit ? { train: part("train"), test: part("test") } : { all: place };
}

function filesOf(folder: string) {
  if (folder !== "") return listFolder(folder, { followLinks: true });
  const expected = "Expected --set images=DIR, a folder with embeddings.npy, attention.npy and labels.npy";
  const others = "or a safetensors file of these, or train and test of either";
  throw new UsageError("PICTURES_MISSING", `pace: ${expected}, ${others}, got none`);
}
