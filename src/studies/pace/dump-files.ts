import { statSync } from "node:fs";
import { basename } from "node:path";
import { hashOf, type Json, UsageError } from "#base";
import { firstFile, listFolder } from "#formats";
import type { Settings } from "./settings.ts";

/** Hash of a dump's file names and sizes. @throws UsageError PICTURES_MISSING; AssayError FILE_MISSING */
export function dumpIdentity({ images }: Settings): Json {
  return hashOf(filesOf(images).map(({ name, bytes }) => [name, bytes]));
}

/** Where a dump's parts lie: `train` and `test`, or all in one. @throws UsageError PICTURES_MISSING; AssayError FILE_MISSING */
export function dumpPlaces(
  place: string,
): { readonly train: string; readonly test: string } | { readonly all: string } {
  const names = filesOf(place).map(({ name }) => name);
  const part = (name: string) => `${place}/${names.includes(`${name}.safetensors`) ? `${name}.safetensors` : name}`;
  const hasSplit = names.some((name) => name.startsWith("train/") || name === "train.safetensors");
  return hasSplit ? { train: part("train"), test: part("test") } : { all: place };
}

/** Every file of a dump, which may be one. */
function filesOf(place: string) {
  if (place !== "" && firstFile([place]) !== undefined) return [{ name: basename(place), bytes: statSync(place).size }];
  if (place !== "") return listFolder(place, { followLinks: true });
  const expected = "Expected --set images=DIR, a folder with embeddings.npy, attention.npy and labels.npy";
  const others = "or a safetensors file of these, or train and test of either";
  throw new UsageError("PICTURES_MISSING", `pace: ${expected}, ${others}, got none`);
}
