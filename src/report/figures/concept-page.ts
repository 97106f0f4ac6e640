import { drawSheet, figurePrefix, shortened } from "./drawing.ts";
import { badge, kindPatterns, kindShapes, kindStyle, type Place, pngShape } from "./picture-tiles.ts";
import type { FigureText, Shape } from "./shapes.ts";

/** What a page of one picture shows. J patches · K kinds */
export interface ConceptPageOptions extends FigureText {
  /** PNG of the picture. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Patches downwards and across. */
  readonly grid: readonly [down: number, across: number];
  /** The share of each kind in each patch, [J][K]. */
  readonly patches: readonly (readonly number[])[];
  /** The share of each kind in the picture, [K]. */
  readonly shares: readonly number[];
  /** What the shares are called. */
  readonly shareName: string;
  /** Place of each kind's colour, and what its badge says. */
  readonly kinds: readonly { readonly kind: number; readonly name: string }[];
  /** Under the picture: what it is, what was answered. */
  readonly lines: readonly string[];
}

const [edge, small, space, barWidth, top] = [168, 116, 18, 150, 36];
const [barCount, mapCount] = [6, 4];
/** A smaller share is what the prior gives a concept that the picture lacks. */
const least = 0.01;

/** One picture: as it is, each patch in its kind's colour, the picture's shares as bars, and a heat map for each of its main kinds. */
export function conceptPage(options: ConceptPageOptions): string {
  const { title, bytes, shares, patches } = options;
  const prefix = figurePrefix(["page", title, options.lines, shares, patches]);
  const tall = Math.round((edge * options.height) / options.width);
  const sorted = shares.map((_, k) => k).sort((a, b) => shares[b]! - shares[a]!);
  const order = sorted.filter((k, at) => at === 0 || shares[k]! >= least);
  const bars = edge * 2 + space * 2;
  const maps = bars + barWidth + space + 20;
  const mapTall = Math.round((small * options.height) / options.width);
  const shown = order.slice(0, mapCount);
  const lines = options.lines.map(
    (line, at): Shape => ["text", { x: 0, y: top + tall + 18 + at * 16, fill: "currentColor" }, shortened(line, 60)],
  );
  const shapes: Shape[] = [
    ...heading("picture", 0, edge),
    pngShape(bytes, { x: 0, y: top, width: edge, height: tall }),
    ...lines,
    ...heading("likeliest concept by patch", edge + space, edge),
    ...overlay(options, { x: edge + space, y: top, width: edge, height: tall }, prefix),
    ...heading(options.shareName, bars, barWidth),
    ...order
      .slice(0, barCount)
      .flatMap((k, at) => bar(options, { k, x: bars, y: top + at * 28, most: shares[order[0]!]! }, prefix)),
    ...shown.flatMap((k, at) => {
      const x = maps + at * (small + 12);
      return [
        ...badge(kindStyle(options.kinds[k]!.kind, prefix), options.kinds[k]!.name, { x, y: top - 22, size: 18 }),
        ...heat(options, k, { prefix, place: { x, y: top, width: small, height: mapTall } }),
      ];
    }),
  ];
  const height = Math.max(top + tall + 14 + options.lines.length * 16, top + barCount * 28, top + mapTall) + 6;
  const width = maps + shown.length * (small + 12);
  const description =
    options.description ??
    order
      .slice(0, barCount)
      .map((k) => `${options.kinds[k]!.name}: ${(100 * shares[k]!).toFixed(0)} %`)
      .join("; ");
  return drawSheet(prefix, { text: { title, description }, width, height, definitions: kindPatterns(prefix), shapes });
}

/** The widest that a letter is on the average in fonts that `system-ui` may mean, in ems. */
const widestLetter = 0.66;

/** Words above a column, on as many lines as the column's width asks for, the last just above what they name. */
function heading(words: string, x: number, width: number): Shape[] {
  const size = 11;
  const room = Math.floor(width / (size * widestLetter));
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    const fits = longer.length <= room;
    if (fits) lines.pop();
    lines.push(fits ? longer : word);
  }
  const style = { x, "font-size": size, fill: "currentColor", "fill-opacity": 0.75 };
  return lines.map((line, at): Shape => ["text", { ...style, y: top - 8 - (lines.length - 1 - at) * 13 }, line]);
}

const cell = ({ grid: [down, across] }: ConceptPageOptions, { x, y, width, height }: Place, j: number): Place => ({
  x: x + ((j % across) * width) / across,
  y: y + (Math.floor(j / across) * height) / down,
  width: width / across + 0.2,
  height: height / down + 0.2,
});

const peak = (row: readonly number[]): number => row.indexOf(Math.max(...row));

/** Every patch in the colour of its likeliest kind, and each kind's number where most of it is. */
function overlay(options: ConceptPageOptions, place: Place, prefix: string): Shape[] {
  const { bytes, patches, kinds } = options;
  const labels = patches.map(peak);
  const cells = labels.flatMap((k, j) => kindShapes(kindStyle(kinds[k]!.kind, prefix), cell(options, place, j), 0.72));
  const names = [...Map.groupBy(labels.keys(), (j) => labels[j]!)].filter(([, own]) => own.length > 1);
  const numbers = names.map(([k, own]): Shape => {
    const { x, y } = centreOf(own.map((j) => cell(options, place, j)));
    const text = { x, y: y + 4, "text-anchor": "middle", "font-size": 11, "font-weight": 700 };
    return [
      "text",
      { ...text, fill: "#fff", stroke: "#000", "stroke-width": 2.5, "paint-order": "stroke" },
      kinds[k]!.name,
    ];
  });
  return [pngShape(bytes, place), ...cells, ...numbers];
}

/** The middle of the cell that is nearest to the middle of all. */
function centreOf(cells: readonly Place[]): { x: number; y: number } {
  const middles = cells.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }));
  const mean = (read: (one: { x: number; y: number }) => number) =>
    middles.reduce((sum, one) => sum + read(one), 0) / middles.length;
  const [x, y] = [mean((one) => one.x), mean((one) => one.y)];
  return middles.reduce((best, one) =>
    Math.hypot(one.x - x, one.y - y) < Math.hypot(best.x - x, best.y - y) ? one : best,
  );
}

interface Bar {
  readonly k: number;
  readonly x: number;
  readonly y: number;
  readonly most: number;
}

function bar({ shares, kinds }: ConceptPageOptions, { k, x, y, most }: Bar, prefix: string): Shape[] {
  const style = kindStyle(kinds[k]!.kind, prefix);
  const long = Math.max(1, (shares[k]! / Math.max(most, 1e-9)) * (barWidth - 66));
  const value = {
    x: x + 32 + long,
    y: y + 15,
    "font-size": 11,
    fill: "currentColor",
    "font-variant-numeric": "tabular-nums",
  };
  return [
    ...badge(style, kinds[k]!.name, { x, y, size: 20 }),
    ...kindShapes(style, { x: x + 27, y: y + 3, width: long, height: 14 }, 1),
    ["text", value, `${(100 * shares[k]!).toFixed(shares[k]! < 0.1 ? 1 : 0)} %`],
  ];
}

/** Where a kind is, and how surely: its colour over a pale picture. */
function heat(options: ConceptPageOptions, k: number, { place, prefix }: { place: Place; prefix: string }): Shape[] {
  const { color } = kindStyle(options.kinds[k]!.kind, prefix);
  const cells = options.patches.flatMap((row, j): Shape[] =>
    row[k]! < 0.005
      ? []
      : [["rect", { ...cell(options, place, j), fill: color, "fill-opacity": Number((0.92 * row[k]!).toFixed(3)) }]],
  );
  return [
    ["rect", { ...place, fill: "#fff" }],
    pngShape(options.bytes, place, { opacity: 0.28 }),
    ...cells,
    ["rect", { ...place, fill: "none", stroke: "currentColor", "stroke-opacity": 0.3 }],
  ];
}
