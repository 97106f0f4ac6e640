import { z } from "zod";
import { AssayError } from "#base";
import type { Configuration } from "./configurations.ts";
import { emptyTable, type Haystacks, haystacksOf, writeHaystack } from "./haystacks.ts";
import { cellsOf, type MosaicIndex } from "./mosaics.ts";
import type { Needle } from "./needles.ts";

/** A file of the authors, read. */
export interface OfficialFile {
  /** As messages name it. */
  readonly name: string;
  readonly text: string;
}

/** `2_2.json`: which photo lies in which cell of which mosaic. */
export const mosaicFileOf = (side: number): string => `${side}_${side}.json`;

/** `annotations_1_2_2.json`, or `5_annotations_1_2_2.json` for five needles. */
export function annotationFileOf({ pictures, side, needles }: Configuration): string {
  return `${needles === 1 ? "" : `${needles}_`}annotations_${pictures}_${side}_${side}.json`;
}

const mosaicsForm = z.record(z.string(), z.record(z.string(), z.string()));
const captionsForm = z.record(z.string(), z.string());

const oneOrMany = <T extends z.ZodType>(form: T) => z.union([form, z.array(form)]).transform((value) => [value].flat());
const annotationsForm = z.array(
  z.object({
    id: z.int(),
    image_ids: z.array(z.string()),
    index: oneOrMany(z.int()),
    row: oneOrMany(z.int()),
    col: oneOrMany(z.int()),
    target: oneOrMany(z.string()),
  }),
);

type Annotation = z.infer<typeof annotationsForm>[number];

/** The caption of each photo, from `file_to_caption` as JSON; not trimmed. @throws AssayError OFFICIAL_MALFORMED */
export function readOfficialCaptions(file: OfficialFile): ReadonlyMap<string, string> {
  return new Map(Object.entries(parse(file, captionsForm)));
}

/** The mosaics of one side. @throws AssayError OFFICIAL_MALFORMED naming file and mosaic */
export function readOfficialMosaics(file: OfficialFile, side: number): MosaicIndex {
  const mosaics = Object.entries(parse(file, mosaicsForm)).sort(([a], [b]) => (a < b ? -1 : 1));
  const sources = [...new Set(mosaics.flatMap(([, photos]) => Object.values(photos)))].sort();
  const numbers = new Map(sources.map((source, at) => [source, at]));
  const places = Array.from({ length: side * side }, (_, at) => `${Math.floor(at / side)}_${at % side}`);
  const cells = mosaics.flatMap(([name, photos]) => {
    if (Object.keys(photos).length !== places.length || !places.every((place) => place in photos)) {
      throw malformed(
        `${file.name}, mosaic ${name}`,
        `Expected the cells ${places[0]} to ${places.at(-1)}, got ${Object.keys(photos).join(", ")}`,
      );
    }
    return places.map((place) => numbers.get(photos[place]!)!);
  });
  return { side, count: mosaics.length, sources, cells: Uint32Array.from(cells), names: mosaics.map(([name]) => name) };
}

/**
 * The needles of one configuration. With `mosaics` at hand every needle is looked up: a present one must lie in the cell
 * that it names, an absent one in none.
 *
 * @throws AssayError OFFICIAL_MALFORMED naming file and entry
 */
export function readOfficialAnnotations(
  file: OfficialFile,
  { configuration, mosaics }: { readonly configuration: Configuration; readonly mosaics?: MosaicIndex | undefined },
): Haystacks {
  const annotations = parse(file, annotationsForm);
  const index = withTargets(mosaics ?? unseenMosaics(annotations, configuration.side), annotations);
  const numbers = { mosaics: numbersOf(index.names!), sources: numbersOf(index.sources) };
  const table = emptyTable({ ...configuration, mosaics: index, length: annotations.length });
  for (const [at, annotation] of annotations.entries()) {
    const reader = new AnnotationReader(annotation, { configuration, where: `${file.name}, entry ${at + 1}` });
    const shown = reader.mosaics(numbers.mosaics);
    const drawn = reader.needles(numbers.sources);
    if (annotation.id !== at) reader.fail(`Expected id ${at}, got ${annotation.id}`);
    if (mosaics !== undefined)
      reader.lookUp(
        drawn,
        shown.flatMap((mosaic) => [...cellsOf(index, mosaic)]),
      );
    writeHaystack(table, at, { shown, drawn });
  }
  return haystacksOf(table);
}

/** Reads one annotation, and says which one it was when something is wrong. */
class AnnotationReader {
  readonly #annotation: Annotation;
  readonly #configuration: Configuration;
  readonly #where: string;

  constructor(annotation: Annotation, { configuration, where }: { configuration: Configuration; where: string }) {
    this.#annotation = annotation;
    this.#configuration = configuration;
    this.#where = `${where} (id ${annotation.id})`;
  }

  fail(problem: string): never {
    throw malformed(this.#where, problem);
  }

  /** The numbers of the mosaics shown. */
  mosaics(numbers: ReadonlyMap<string, number>): number[] {
    const { pictures } = this.#configuration;
    const { image_ids: paths } = this.#annotation;
    if (paths.length !== pictures) this.fail(`Expected ${pictures} image_ids, got ${paths.length}`);
    return paths.map((path) => numbers.get(baseName(path)) ?? this.fail(`Expected a known mosaic, got ${path}`));
  }

  needles(numbers: ReadonlyMap<string, number>): Needle[] {
    const { needles } = this.#configuration;
    const { index, row, col, target } = this.#annotation;
    for (const [field, values] of Object.entries({ index, row, col, target })) {
      if (values.length !== needles) this.fail(`Expected ${field} of ${needles} needles, got ${values.length}`);
    }
    return target.map((path, at) => ({
      cell: this.#cell({ index: index[at]!, row: row[at]!, col: col[at]! }),
      source: numbers.get(path)!,
    }));
  }

  #cell(place: { readonly index: number; readonly row: number; readonly col: number }): number {
    const { pictures, side } = this.#configuration;
    const { index, row, col } = place;
    if (index === -1 && row === -1 && col === -1) return -1;
    for (const [field, value, end] of [
      ["index", index, pictures],
      ["row", row, side],
      ["col", col, side],
    ] as const) {
      if (value < 0 || value >= end) {
        this.fail(`Expected ${field} 0 to ${end - 1} within ${pictures} × ${side}*${side} cells, got ${value}`);
      }
    }
    return (index * side + row) * side + col;
  }

  /** Compares needles with the cells shown. Shapes: shown [M · N · N] */
  lookUp(needles: readonly Needle[], shown: readonly number[]): void {
    for (const [at, { cell, source }] of needles.entries()) {
      const path = this.#annotation.target[at]!;
      if (cell >= 0 && shown[cell] !== source)
        this.fail(`Expected ${path} in the cell that it names, found another photo there`);
      if (cell < 0 && shown.includes(source)) this.fail(`Expected ${path} in none of the cells, found it in one`);
    }
  }
}

/** Mosaics of which only the names are known; whoever wants to see one needs their file. */
function unseenMosaics(annotations: readonly Annotation[], side: number): MosaicIndex {
  const names = [...new Set(annotations.flatMap((annotation) => annotation.image_ids.map(baseName)))].sort();
  return { side, count: names.length, sources: [], cells: new Uint32Array(), names };
}

/** Absent needles are photos that may lie in no mosaic: they join the sources behind the others. */
function withTargets(mosaics: MosaicIndex, annotations: readonly Annotation[]): MosaicIndex {
  const known = new Set(mosaics.sources);
  const further = new Set(annotations.flatMap(({ target }) => target).filter((path) => !known.has(path)));
  return { ...mosaics, sources: [...mosaics.sources, ...[...further].sort()] };
}

const numbersOf = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, at) => [name, at]));

/** The part of a path behind the last slash; keys of the captions and of the mosaics are bare names. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function parse<Form extends z.ZodType>({ name, text }: OfficialFile, form: Form): z.infer<Form> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(name, `Expected JSON, got a syntax error (${(cause as SyntaxError).message})`, cause);
  }
  const result = form.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const [first, ...rest] = path;
  const entry = typeof first === "number" ? `, entry ${first + 1}` : first === undefined ? "" : `, ${String(first)}`;
  throw malformed(
    `${name}${entry}`,
    `Expected the official form, got something else${rest.length > 0 ? ` in ${rest.join(".")}` : ""} (${message})`,
  );
}

function malformed(where: string, problem: string, cause?: unknown): AssayError {
  return new AssayError("OFFICIAL_MALFORMED", `${where}: ${problem}`, { cause });
}
