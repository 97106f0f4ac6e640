import { join } from "node:path";
import { AssayError, hashOf, UsageError } from "#base";
import { firstFile, hashFile, listFolder, type Photo, readCaptions } from "#formats";
import type { Collection } from "./collection.ts";
import { captionsHash } from "./comparability.ts";
import { type Configuration, samplesOf } from "./configurations.ts";
import { buildHaystacks } from "./haystacks.ts";
import type { Settings } from "./settings.ts";

const captionFiles = ["captions.json", "captions.csv", "captions.jsonl"] as const;

/**
 * Your own pictures with a captions file beside them.
 *
 * @throws UsageError SETTING_MISSING, AssayError PICTURE_MISSING, and those of `readCaptions`
 */
export async function openFolder(settings: Settings, seed: number): Promise<Collection> {
  if (settings.folder === "") {
    throw new UsageError("SETTING_MISSING", "mmneedle: Expected --set folder=DIR with your pictures, got none");
  }
  const captions = await readCaptioned(settings);
  const caption = (source: string) => captions.get(source)!;
  const contents = hashPictures(settings.folder, [...captions.keys()]);
  return {
    identity: { captions: captionsHash(captions), pictures: hashOf([...contents].sort()) },
    captions: captionsHash(captions),
    haystacks: (configuration) => {
      const options = { seed, ...countsOf(configuration, settings) };
      const guard = settings.uniqueCaptions ? { uniqueCaptions: caption } : {};
      return buildHaystacks({ sources: [...captions.keys()], ...configuration, ...options, ...guard });
    },
    captionOf: caption,
    contentOf: (source) => contents.get(source)!,
    photoOf: async (source): Promise<Photo> => join(settings.folder, source),
    requirePhotos: () => {},
  };
}

function countsOf(configuration: Configuration, settings: Settings) {
  const { positive, negative, mixed } = samplesOf(configuration, { settings });
  return { positives: positive, negatives: negative, mixed };
}

async function readCaptioned({ folder, captions }: Settings): Promise<ReadonlyMap<string, string>> {
  const file = captions === "" ? firstFile(captionFiles.map((name) => join(folder, name))) : captions;
  if (file !== undefined) {
    return new Map((await readCaptions(file)).map(({ file: picture, caption }) => [picture, caption]));
  }
  throw new UsageError(
    "SETTING_MISSING",
    `mmneedle: Expected ${captionFiles.join(", ")} in ${folder} or --set captions=FILE, found none`,
  );
}

/** Every captioned picture's content hash: a picture that is exchanged makes another run. @throws AssayError PICTURE_MISSING */
function hashPictures(folder: string, pictures: readonly string[]): ReadonlyMap<string, string> {
  const there = new Set(listFolder(folder).map(({ name }) => name));
  const missing = pictures.filter((picture) => !there.has(picture));
  if (missing.length > 0) throw picturesMissing(missing, { of: pictures.length, folder });
  return new Map(pictures.map((picture) => [picture, hashFile(join(folder, picture))]));
}

/** Counts what is missing and names the first three. */
export function picturesMissing(
  missing: readonly string[],
  { of, folder }: { readonly of: number; readonly folder: string },
): AssayError {
  const named = missing.slice(0, 3).join(", ");
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
  return new AssayError(
    "PICTURE_MISSING",
    `mmneedle: Expected ${of} pictures in ${folder}, ${missing.length} are missing: ${named}${more}; fetch them, or take them out of the captions`,
  );
}
