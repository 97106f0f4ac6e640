/** What is shown of a concept model: patches of every concept, pages of pictures, concepts of every class. */
import { encode, type Pixels } from "#formats";
import type { ConceptModel, ImageExplanation } from "#methods/concepts";
import type { Run } from "#runs";
import type { SeenPicture } from "./embed.ts";
import { classMeans } from "./measures.ts";

/** A patch that shows a concept. */
export interface ShownPatch {
  /** Artefact: the patch with its surroundings, as PNG. */
  readonly picture: string;
  readonly name: string;
  /** The patch's place in the cut-out, in fractions of its edge. */
  readonly box: readonly [x: number, y: number, size: number];
  /** φ of the concept there. */
  readonly share: number;
}

/** A concept of the data set. */
export interface ShownConcept {
  readonly concept: number;
  /** Share of all virtual patches. */
  readonly mass: number;
  readonly patches: readonly ShownPatch[];
}

/** A picture's page. */
export interface ShownPicture {
  readonly name: string;
  /** Artefact: the picture as the model saw it, as PNG. */
  readonly picture: string;
  readonly width: number;
  readonly height: number;
  readonly label: number;
  readonly predicted: number;
  readonly certainty: number;
  readonly grid: readonly [number, number];
  readonly theta: readonly number[];
  /** φ [J][K] */
  readonly patches: readonly (readonly number[])[];
  readonly attention: readonly number[];
}

/** Everything that the report shows of one concept model. */
export interface Gallery {
  readonly classes: readonly string[];
  readonly concepts: readonly ShownConcept[];
  readonly pictures: readonly ShownPicture[];
  /** Mean θ of each answer's test pictures; null where none got it. */
  readonly classMeans: readonly (readonly number[] | null)[];
  readonly trace: readonly { readonly bound: number; readonly alive: number }[];
  /** Patches that the model was fitted to. */
  readonly fittedPatches: number;
}

interface GalleryOptions {
  readonly run: Run;
  readonly model: ConceptModel;
  readonly classes: readonly string[];
  readonly seen: readonly SeenPicture[];
  readonly explained: readonly ImageExplanation[];
  readonly patch: number;
  readonly examples: number;
  readonly shown: number;
}

/** Chooses and keeps the pictures; the report needs no data after this. */
export async function galleryOf(options: GalleryOptions): Promise<Gallery> {
  const { model, classes, seen, explained, shown } = options;
  const places = seen.map((_, at) => at).filter((at) => explained[at]!.patches !== undefined);
  const total = model.masses.reduce((sum, mass) => sum + mass, 0);
  const order = Array.from(model.masses.keys()).sort((a, b) => model.masses[b]! - model.masses[a]!);
  const concepts: ShownConcept[] = [];
  for (const concept of order) {
    const patches = await examplesOf(concept, options);
    concepts.push({ concept, mass: model.masses[concept]! / total, patches });
  }
  const pictures: ShownPicture[] = [];
  for (const at of spread(seen, places).slice(0, shown))
    pictures.push(await pageOf(seen[at]!, explained[at]!, options.run));
  return {
    classes,
    concepts,
    pictures,
    classMeans: classMeans(
      explained,
      seen.map(({ predicted }) => predicted),
      classes.length,
    ),
    trace: model.trace.map(({ bound, alive }) => ({ bound, alive })),
    fittedPatches: model.fitted.patches,
  };
}

/** Places that take every answer in turn. */
function spread(seen: readonly SeenPicture[], places: readonly number[]): number[] {
  const groups = [...Map.groupBy(places, (at) => seen[at]!.predicted).values()];
  const turns = Math.max(...groups.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) => groups.flatMap((group) => group[turn] ?? [])).flat();
}

const png = { format: "png" } as const;
const rounded = (value: number): number => Number(value.toFixed(4));

async function pageOf(
  { picture, pixels: read, predicted, probabilities, grid, image }: SeenPicture,
  { theta, patches }: ImageExplanation,
  run: Run,
): Promise<ShownPicture> {
  const concepts = theta.length;
  const count = grid[0] * grid[1];
  const skipped = patches!.length / concepts - count;
  const pixels = await read();
  return {
    name: shortName(picture.name),
    label: picture.label,
    predicted,
    grid,
    picture: run.putArtefact(await encode(pixels, png)),
    width: pixels.width,
    height: pixels.height,
    certainty: rounded(probabilities[predicted]!),
    theta: Array.from(theta, rounded),
    patches: Array.from({ length: count }, (_, j) => {
      const from = (j + skipped) * concepts;
      return Array.from(patches!.subarray(from, from + concepts), rounded);
    }),
    attention: Array.from(image.attention.slice(-count), rounded),
  };
}

const shortName = (name: string): string => name.split("/").slice(-2).join("/");

interface Candidate {
  readonly at: number;
  readonly patch: number;
  readonly share: number;
  /** φ a: how much of the explanation it carries. */
  readonly score: number;
}

/** The patches with the largest φ a, one a picture. */
export async function examplesOf(
  concept: number,
  { seen, explained, run, patch, examples, model }: GalleryOptions,
): Promise<ShownPatch[]> {
  const concepts = model.settings.concepts;
  const best = explained.flatMap(({ patches }, at): Candidate[] => {
    if (patches === undefined) return [];
    const { grid, image } = seen[at]!;
    const count = grid[0] * grid[1];
    const skipped = patches.length / concepts - count;
    let found: Candidate | undefined;
    for (let j = 0; j < count; j++) {
      const share = patches[(j + skipped) * concepts + concept]!;
      const score = share * Math.min(1, image.attention[j + skipped]! * count);
      if (share > 0.5 && (found === undefined || score > found.score)) found = { at, patch: j, share, score };
    }
    return found === undefined ? [] : [found];
  });
  const chosen = best.toSorted((a, b) => b.score - a.score || a.at - b.at).slice(0, examples);
  const patches: ShownPatch[] = [];
  for (const { at, patch: place, share } of chosen) {
    const { pixels, grid, picture } = seen[at]!;
    const { cut, box } = around(await pixels(), { place, across: grid[1], patch });
    patches.push({
      picture: run.putArtefact(await encode(cut, png)),
      name: shortName(picture.name),
      box,
      share: rounded(share),
    });
  }
  return patches;
}

/** A patch with one patch around it, moved inward at the edges of the picture. */
function around(
  { data, width, height }: Pixels,
  { place, across, patch }: { place: number; across: number; patch: number },
) {
  const size = Math.min(3 * patch, width, height);
  const [x, y] = [(place % across) * patch, Math.floor(place / across) * patch];
  const [left, top] = [Math.max(0, Math.min(width - size, x - patch)), Math.max(0, Math.min(height - size, y - patch))];
  const cut = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    const from = ((top + row) * width + left) * 3;
    cut.set(data.subarray(from, from + size * 3), row * size * 3);
  }
  const box = [(x - left) / size, (y - top) / size, patch / size] as const;
  return { cut: { data: cut, width: size, height: size }, box };
}
