import { extname, join } from "node:path";
import { firstFile } from "../files/text-file.ts";
import type { Caption, PlacedCaption } from "./caption.ts";
import { readCocoCaptions } from "./coco.ts";
import { numberedRows } from "./read-rows.ts";
import { type NumberedRow, tableFault } from "./rows.ts";

/** What else to check of captions. */
export interface ReadCaptionsOptions {
  /** Where every picture must lie. */
  readonly pictures?: string;
}

const fileColumns = ["file", "file_name", "image"] as const;
const captionColumns = ["caption", "text"] as const;

/**
 * The captions of pictures, in the file's order: COCO JSON, or CSV, JSONL or Parquet with the columns file (or file_name,
 * or image) and caption (or text). Captions stay as they are, with the spaces around them.
 *
 * @throws AssayError FILE_MISSING, TABLE_INVALID naming file and line: no such columns, a picture that comes twice or is
 * not in `pictures`, an empty caption
 */
export async function readCaptions(file: string, { pictures }: ReadCaptionsOptions = {}): Promise<readonly Caption[]> {
  const isJson = extname(file).toLowerCase() === ".json";
  const placed = isJson ? readCocoCaptions(file) : await captionRows(file);
  if (placed.length === 0) throw tableFault(file, { problem: "Expected captions, got none" });
  const seen = new Map<string, PlacedCaption>();
  for (const one of placed) {
    const problem = faultOf(one, { first: seen.get(one.file), pictures });
    if (problem !== undefined) throw tableFault(file, { problem, line: one.line });
    seen.set(one.file, one);
  }
  return placed.map(({ file: picture, caption }) => ({ file: picture, caption }));
}

interface Surroundings {
  readonly first: PlacedCaption | undefined;
  readonly pictures: string | undefined;
}

function faultOf({ file, caption }: PlacedCaption, { first, pictures }: Surroundings): string | undefined {
  if (first !== undefined) {
    return `Expected each picture once, got ${file} again${first.line === undefined ? "" : ` after line ${first.line}`}`;
  }
  if (caption.trim() === "") return `Expected a caption for ${file}, got an empty one`;
  if (caption.includes("\uFFFD")) return `Expected UTF-8, got other bytes in the caption of ${file}; save it as UTF-8`;
  if (pictures === undefined || firstFile([join(pictures, file)]) !== undefined) return undefined;
  return `Expected the picture ${file} in ${pictures}, found none`;
}

async function captionRows(file: string): Promise<PlacedCaption[]> {
  const captions: PlacedCaption[] = [];
  let columns: CaptionColumns | undefined;
  for await (const numbered of numberedRows(file)) {
    columns ??= columnsOf(numbered, file);
    captions.push(captionOf(numbered, { ...columns, table: file }));
  }
  return captions;
}

interface CaptionColumns {
  readonly file: string;
  readonly caption: string;
}

function columnsOf({ row, line }: NumberedRow, table: string): CaptionColumns {
  const names = Object.keys(row);
  const find = (wanted: readonly string[]) => wanted.find((name) => names.includes(name));
  const [file, caption] = [find(fileColumns), find(captionColumns)];
  if (file !== undefined && caption !== undefined) return { file, caption };
  const expected = `Expected the columns ${fileColumns.join(" or ")} and ${captionColumns.join(" or ")}`;
  throw tableFault(table, { problem: `${expected}, got ${names.join(", ")}`, line: line === 2 ? 1 : line });
}

function captionOf({ row, line }: NumberedRow, columns: CaptionColumns & { table: string }): PlacedCaption {
  const [file, caption] = [row[columns.file], row[columns.caption] ?? ""];
  if (typeof file !== "string" || file === "") {
    throw tableFault(columns.table, { problem: `Expected a file in "${columns.file}", got ${shown(file)}`, line });
  }
  if (typeof caption === "string") return { file, caption, line };
  throw tableFault(columns.table, { problem: `Expected text in "${columns.caption}", got ${shown(caption)}`, line });
}

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
