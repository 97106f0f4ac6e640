import { hashOf, type Json, UsageError } from "#base";
import { listFolder } from "#formats";
import type { Settings } from "./settings.ts";

/** Hash of a dump's file names and sizes. @throws UsageError PICTURES_MISSING; AssayError FILE_MISSING */
export function dumpIdentity({ images }: Settings): Json {
  return hashOf(filesOf(images).map(({ name, bytes }) => [name, bytes]));
}

/** Every file of a dump. @throws UsageError PICTURES_MISSING */
export function filesOf(folder: string) {
  if (folder !== "") return listFolder(folder, { followLinks: true });
  const expected = "Expected --set images=DIR, a folder with embeddings.npy, attention.npy and labels.npy";
  throw new UsageError("PICTURES_MISSING", `pace: ${expected}, or train and test folders of these, got none`);
}
