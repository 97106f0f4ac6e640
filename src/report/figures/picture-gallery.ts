import { drawSheet, figurePrefix, shortened, textWidth } from "./drawing.ts";
import { badge, kindPatterns, kindStyle, pngShape } from "./picture-tiles.ts";
import type { FigureText, Shape } from "./shapes.ts";

/** A small picture of a gallery. */
export interface GalleryTile {
  /** PNG. */
  readonly bytes: Uint8Array;
  /** What a pointer is told. */
  readonly title: string;
  /** A square that is meant, in fractions of the picture's edge: left, top, size. */
  readonly box?: readonly [x: number, y: number, size: number];
}

/** A row: a numbered kind with its examples. */
export interface GalleryRow {
  /** Place of the kind's colour; the same kind has the same colour in every figure. */
  readonly kind: number;
  /** What the badge says. */
  readonly name: string;
  readonly note: string;
  readonly tiles: readonly GalleryTile[];
}

/** Rows under a heading. */
export interface GalleryGroup {
  readonly heading?: string;
  readonly rows: readonly GalleryRow[];
}

/** What a gallery shows. */
export interface PictureGalleryOptions extends FigureText {
  readonly groups: readonly GalleryGroup[];
  /** Rows side by side; 2 when left out. */
  readonly columns?: number;
}

const [tile, gap, left, noteHeight, headingHeight] = [64, 5, 34, 20, 30];

/** Rows of small pictures, a kind each, side by side where there is room. */
export function pictureGallery({ groups, columns = 2, ...text }: PictureGalleryOptions): string {
  const prefix = figurePrefix([
    "gallery",
    text.title,
    groups.map(({ heading, rows }) => [heading, rows.map(({ name, note, tiles }) => [name, note, tiles.length])]),
  ]);
  const most = Math.max(1, ...groups.flatMap(({ rows }) => rows.map(({ tiles }) => tiles.length)));
  const widestNote = Math.max(0, ...groups.flatMap(({ rows }) => rows.map(({ note }) => textWidth(note, 11))));
  const columnWidth = left + Math.max(most * (tile + gap), widestNote) + 24;
  const rowHeight = tile + noteHeight + 12;
  const shapes: Shape[] = [];
  let top = 4;
  for (const { heading, rows } of groups) {
    if (heading !== undefined) {
      shapes.push([
        "text",
        { x: 0, y: top + 16, "font-size": 14, "font-weight": 600, fill: "currentColor" },
        shortened(heading, 90),
      ]);
      top += headingHeight;
    }
    for (const [at, row] of rows.entries()) {
      const place = { x: (at % columns) * columnWidth, y: top + Math.floor(at / columns) * rowHeight };
      shapes.push(...rowShapes(row, place, prefix));
    }
    top += Math.ceil(rows.length / columns) * rowHeight;
  }
  const description =
    text.description ?? groups.flatMap(({ rows }) => rows.map(({ name, note }) => `${name}: ${note}`)).join("; ");
  const size = { width: columns * columnWidth, height: top };
  return drawSheet(prefix, {
    text: { title: text.title, description },
    ...size,
    definitions: kindPatterns(prefix),
    shapes,
  });
}

function rowShapes(
  { kind, name, note, tiles }: GalleryRow,
  { x, y }: { x: number; y: number },
  prefix: string,
): Shape[] {
  const empty: Shape = [
    "text",
    {
      x: x + left,
      y: y + tile / 2 + 4,
      "font-size": 11,
      "font-style": "italic",
      fill: "currentColor",
      "fill-opacity": 0.65,
    },
    "no picture shows it",
  ];
  return [
    ...badge(kindStyle(kind, prefix), name, { x, y }),
    ...(tiles.length === 0 ? [empty] : tiles.flatMap((one, at) => tileShapes(one, x + left + at * (tile + gap), y))),
    [
      "text",
      { x: x + left, y: y + tile + 15, "font-size": 11, fill: "currentColor", "fill-opacity": 0.75 },
      shortened(note, 70),
    ],
  ];
}

function tileShapes({ bytes, title, box }: GalleryTile, x: number, y: number): Shape[] {
  const place = { x, y, width: tile, height: tile };
  const frame = (one: readonly [number, number, number], stroke: string, width: number): Shape => [
    "rect",
    {
      x: x + one[0] * tile,
      y: y + one[1] * tile,
      width: one[2] * tile,
      height: one[2] * tile,
      fill: "none",
      stroke,
      "stroke-width": width,
    },
  ];
  return [
    [
      "g",
      {},
      [
        ["title", {}, title],
        pngShape(bytes, place),
        ...(box === undefined ? [] : [frame(box, "#000", 3), frame(box, "#fff", 1.5)]),
      ],
    ],
  ];
}
