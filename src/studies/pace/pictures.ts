/** The pictures of a run, and what is known of their patches. */
import { join } from "node:path";
import { hashOf, type Json, stream, UsageError } from "#base";
import {
  type ColorPicture,
  colorClasses,
  colorMaterials,
  colorPictures,
  colorShares,
  colorTruth,
  type SmearWindow,
  signDigitClasses,
  signDigits,
  smearClasses,
  smearWindows,
} from "#corpora";
import { leafFolders, listFolder, type Photo, type Pixels } from "#formats";
import { dumpIdentity } from "./dump-files.ts";
import type { Settings } from "./settings.ts";

/** One picture. */
export interface StudyPicture {
  readonly name: string;
  readonly photo: Photo | Pixels;
  /** Its class as people named it; the model may say another. */
  readonly label: number;
  /** What each patch of so many pixels shows, by its place in `materials`; absent where nobody knows. */
  readonly truth?: (patch: number) => readonly number[];
  /** Whether a patch shows hardly anything else; absent where that is not known. */
  readonly clear?: (patch: number) => readonly boolean[];
}

/** A data set with its split. */
export interface PictureSet {
  readonly dataset: Settings["dataset"];
  readonly train: readonly StudyPicture[];
  readonly test: readonly StudyPicture[];
  readonly classes: readonly string[];
  /** Names of what patches may show; empty where nobody knows. */
  readonly materials: readonly string[];
  /** The material that a class is about, for pointing: white cells in smears. */
  readonly target?: { readonly material: number; readonly label: number };
  readonly identity: Json;
}

/** Where shared pictures lie. */
const sharedFolder = (): string => join(process.env.ASSAY_SHARED ?? "../shared", "data/pace");

/** Edge of the drawn pictures, as `mini:vit` reads them. */
const colorSize = 32;

/** The pictures that settings ask for. @throws UsageError PICTURES_MISSING; AssayError FILE_MISSING, PIXELS_INVALID */
export async function openPictures(settings: Settings, seed: number): Promise<PictureSet> {
  const set = await openSet(settings, seed);
  const { pictures } = settings;
  const all = set.train.length + set.test.length;
  if (pictures === 0 || pictures >= all) return set;
  const share = pictures / all;
  return { ...set, train: thinned(set.train, share), test: thinned(set.test, share) };
}

/** Every nth picture, so that classes keep their shares. */
function thinned(list: readonly StudyPicture[], share: number): StudyPicture[] {
  const wanted = Math.max(1, Math.round(list.length * share));
  return Array.from({ length: wanted }, (_, at) => list[Math.floor((at * list.length) / wanted)]!);
}

function openSet(settings: Settings, seed: number): PictureSet | Promise<PictureSet> {
  if (settings.dataset === "color") return colors(seed);
  if (settings.dataset === "sign-digits") return digits();
  if (settings.dataset === "blood-smears") return smears();
  if (settings.dataset === "folder") return folderPictures(settings.images, seed);
  return { dataset: "dump", train: [], test: [], classes: [], materials: [], identity: dumpIdentity(settings) };
}

function colors(seed: number): PictureSet {
  const drawn = (split: "train" | "test"): StudyPicture[] =>
    colorPictures({ seed, size: colorSize, split }).map((picture) => {
      const { name, pixels, label } = picture;
      return {
        name,
        photo: pixels,
        label,
        truth: (patch) => colorTruth(picture, patch),
        clear: (patch) => clearPatches(picture, patch),
      };
    });
  const [train, test] = [drawn("train"), drawn("test")];
  const about = { dataset: "color", classes: colorClasses, materials: colorMaterials } as const;
  return { ...about, train, test, identity: { drawn: train.length + test.length, size: colorSize, seed } };
}

/** The share from which a patch shows one material. */
const clearShare = 0.75;

function clearPatches(picture: ColorPicture, patch: number): boolean[] {
  const shares = colorShares(picture, patch);
  const kinds = colorMaterials.length;
  return Array.from({ length: shares.length / kinds }, (_, at) =>
    shares.subarray(at * kinds, (at + 1) * kinds).some((share) => share >= clearShare),
  );
}

async function digits(): Promise<PictureSet> {
  const all = await signDigits(sharedFolder());
  const part = (wanted: string) =>
    all.flatMap(({ name, pixels, label, split }) => (split === wanted ? [{ name, photo: pixels, label }] : []));
  const about = { dataset: "sign-digits", classes: signDigitClasses, materials: [] } as const;
  return { ...about, train: part("train"), test: part("test"), identity: identityOf(all) };
}

const identityOf = (all: readonly { readonly name: string; readonly pixels: Pixels }[]): Json =>
  hashOf(
    all.map(({ name, pixels }) => [
      name,
      Buffer.from(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength).toString("base64"),
    ]) as never,
  );

const smearMaterials = ["background", "red cell", "white cell", "platelet"] as const;
const placeOf = { RBC: 1, WBC: 2, Platelets: 3 } as const;

async function smears(): Promise<PictureSet> {
  const all = await smearWindows(sharedFolder());
  const part = (wanted: readonly string[]): StudyPicture[] =>
    all
      .filter(({ split }) => wanted.includes(split))
      .map((one) => ({
        name: one.name,
        photo: one.pixels,
        label: one.label,
        truth: (patch) => smearTruth(one, patch),
      }));
  return {
    dataset: "blood-smears",
    classes: smearClasses,
    materials: smearMaterials,
    target: { material: placeOf.WBC, label: 1 },
    train: part(["train", "val"]),
    test: part(["test"]),
    identity: identityOf(all),
  };
}

/** The kind of cell whose box holds the middle of each patch; a white cell wins where boxes overlap. */
function smearTruth({ pixels, boxes }: SmearWindow, patch: number): number[] {
  const [across, down] = [Math.floor(pixels.width / patch), Math.floor(pixels.height / patch)];
  const order = { RBC: 0, Platelets: 1, WBC: 2 } as const;
  const ordered = boxes.toSorted((a, b) => order[a.kind] - order[b.kind]);
  return Array.from({ length: across * down }, (_, at) => {
    const [x, y] = [((at % across) + 0.5) * patch, (Math.floor(at / across) + 0.5) * patch];
    const box = ordered.findLast(({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom);
    return box === undefined ? 0 : placeOf[box.kind];
  });
}

const isPicture = (name: string): boolean => /\.(jpe?g|png|webp|gif|tiff?|avif|bmp)$/i.test(name);
/** The share of a folder without a split of its own that is tested on. */
const testShare = 0.2;

/** A folder of folders, one a class; `train` and `test` (or `val`) above them are kept as they are. */
function folderPictures(folder: string, seed: number): PictureSet {
  if (folder === "") {
    throw new UsageError(
      "PICTURES_MISSING",
      "pace: Expected --set images=DIR, a folder with a folder for each class, got none",
    );
  }
  const files = listFolder(folder, { followLinks: true }).filter(({ name }) => isPicture(name) && name.includes("/"));
  const parts = files.map(({ name, bytes }) => ({ path: join(folder, name), bytes, ...placed(name) }));
  const classes = [...new Set(parts.map(({ kind }) => kind))].sort();
  if (classes.length < 2) {
    const got = `${files.length} pictures in ${classes.length} class folders`;
    throw new UsageError(
      "PICTURES_MISSING",
      `pace: Expected pictures in at least two class folders of ${folder}, got ${got}`,
    );
  }
  const bare = leafFolders(folder).find((name) => !files.some((file) => file.name.startsWith(`${name}/`)));
  if (bare !== undefined) {
    throw new UsageError(
      "PICTURES_MISSING",
      `pace: Expected pictures in every class folder of ${folder}, got none in "${bare}"; fill it or take it away`,
    );
  }
  const random = stream(seed, "pace/split");
  const held = new Set(random.sample(parts.keys().toArray(), Math.round(testShare * parts.length)));
  const hasSplit = parts.some(({ split }) => split !== undefined);
  const isTest = (part: (typeof parts)[number], at: number) => (hasSplit ? part.split !== "train" : held.has(at));
  const shown = (part: (typeof parts)[number]): StudyPicture => ({
    name: part.path,
    photo: part.path,
    label: classes.indexOf(part.kind),
  });
  return {
    dataset: "folder",
    classes,
    materials: [],
    train: parts.filter((part, at) => !isTest(part, at)).map(shown),
    test: parts.filter(isTest).map(shown),
    identity: hashOf(parts.map(({ path, bytes }) => [path.slice(folder.length), bytes])),
  };
}

function placed(name: string): { split: string | undefined; kind: string } {
  const [first, second] = name.split("/");
  const hasSplit = /^(train|test|val)$/.test(first!) && name.split("/").length > 2;
  return hasSplit ? { split: first, kind: second! } : { split: undefined, kind: first! };
}
