import { join } from "node:path";
import { AssayError, hashOf, UsageError } from "#base";
import { firstFile, listFolder, type Photo, readTextFile } from "#formats";
import type { Collection } from "./collection.ts";
import { captionsHash } from "./comparability.ts";
import { type Configuration, configurationsOf, nameOf, samplesOf } from "./configurations.ts";
import type { Haystacks } from "./haystacks.ts";
import type { MosaicIndex } from "./mosaics.ts";
import {
  annotationFileOf,
  baseName,
  mosaicFileOf,
  type OfficialFile,
  readOfficialAnnotations,
  readOfficialCaptions,
  readOfficialMosaics,
} from "./official.ts";
import type { Settings } from "./settings.ts";
import { picturesMissing } from "./source-folder.ts";

/**
 * The authors' own haystacks, needles and captions, with a local folder of COCO's val2014 photos.
 *
 * Source   Wang et al. 2025, MMNeedle, §3; github.com/Wang-ML-Lab/multimodal-needle-in-a-haystack, and the same files
 *          on the Hugging Face hub under Wang-ML-Lab/MMNeedle
 *
 * @throws UsageError SETTING_MISSING, SETTINGS_CONTRADICT; AssayError FILE_MISSING, OFFICIAL_MALFORMED
 */
export function openOfficial(settings: Settings): Collection {
  const { folder, photos } = settings;
  requireOfficialSettings(settings);
  const captions = readOfficialCaptions(officialFile(settings.captions || join(folder, "file_to_caption.json")));
  const read = new Map(configurationsOf(settings).map((one) => [nameOf(one), readHaystacks(one, settings)]));
  const haystacks = (configuration: Configuration) => read.get(nameOf(configuration))!;
  return {
    identity: { captions: captionsHash(captions), haystacks: [...read.values()].map(contentHash) },
    captions: captionsHash(captions),
    haystacks,
    captionOf: (source) => captions.get(baseName(source)) ?? captionMissing(source),
    contentOf: baseName,
    photoOf: async (source): Promise<Photo> => join(photos, baseName(source)),
    requirePhotos: (shown) => requirePhotos(shown, photos),
  };
}

function requireOfficialSettings({ folder, uniqueCaptions, mixed, needles }: Settings): void {
  if (folder === "") {
    throw new UsageError(
      "SETTING_MISSING",
      "mmneedle: Expected --set folder=DIR with the authors' files (annotations_1_2_2.json, 2_2.json, file_to_caption.json …), got none; or --set source=scenes for the built-in pictures",
    );
  }
  const drawn = uniqueCaptions ? "uniqueCaptions=true" : mixed > 0 && needles.some((k) => k > 1) ? "mixed" : undefined;
  if (drawn === undefined) return;
  throw new UsageError(
    "SETTINGS_CONTRADICT",
    `mmneedle: Expected needles as the authors drew them, got ${drawn}, which draws anew; leave it out or use --set source=folder`,
  );
}

function readHaystacks(configuration: Configuration, settings: Settings): Haystacks {
  const { folder } = settings;
  const mosaicFile = firstFile([join(folder, mosaicFileOf(configuration.side))]);
  const mosaics = mosaicFile && readOfficialMosaics(officialFile(mosaicFile), configuration.side);
  const annotations = officialFile(join(folder, annotationFileOf(configuration)));
  const haystacks = readOfficialAnnotations(annotations, { configuration, mosaics: mosaics || undefined });
  const { positive } = samplesOf(configuration, { settings });
  if (positive * 2 <= haystacks.length) return haystacks;
  throw new UsageError(
    "TOO_FEW_SAMPLES",
    `mmneedle: Expected at most ${haystacks.length / 2} samples of each kind in ${annotations.name}, got ${positive}`,
  );
}

const officialFile = (path: string): OfficialFile => ({ name: path, text: readTextFile(path) });

/** Positions, targets and what was shown; file formatting and listing order do not enter. */
function contentHash(haystacks: Haystacks): string {
  const shownBy = ({ names }: MosaicIndex, shown: readonly number[]) =>
    shown.map((mosaic) => names?.[mosaic] ?? mosaic);
  return hashOf(
    [...haystacks].map(({ truth, targets, mosaics }) => [truth, targets, shownBy(haystacks.mosaics, mosaics)]),
  );
}

function captionMissing(source: string): never {
  throw new AssayError(
    "CAPTION_MISSING",
    `mmneedle: Expected a caption of ${baseName(source)} in file_to_caption.json, found none; the captions are of another collection`,
  );
}

function requirePhotos(shown: readonly Haystacks[], folder: string): void {
  const needed = new Set<string>();
  for (const { mosaics } of shown) {
    if (mosaics.cells.length === 0) throw mosaicsMissing(mosaics.side);
    for (const cell of mosaics.cells) needed.add(baseName(mosaics.sources[cell]!));
  }
  if (folder === "") {
    throw new UsageError(
      "SETTING_MISSING",
      `mmneedle: Expected --set photos=DIR with ${needed.size} photos of COCO's val2014, got none`,
    );
  }
  const there = new Set(listFolder(folder).map(({ name }) => name));
  const missing = [...needed].filter((photo) => !there.has(photo)).sort();
  if (missing.length > 0) throw picturesMissing(missing, { of: needed.size, folder });
}

const mosaicsMissing = (side: number): AssayError =>
  new AssayError(
    "FILE_MISSING",
    `mmneedle: Expected ${mosaicFileOf(side)} beside the annotations, which says what lies in the cells, found none; a subject that looks at pictures needs it`,
  );
