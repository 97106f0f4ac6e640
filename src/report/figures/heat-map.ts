import { cell, text } from "@observablehq/plot";
import type { Interval } from "#base";
import { countText, fixed, rangeText } from "../numbers.ts";
import { visibleLine } from "../visible.ts";
import { labelWithin } from "./axes.ts";
import { type Drawing, draw, figurePrefix, safeLink, shortened, textWidth } from "./drawing.ts";
import { colorScale, inkOn, type Palette } from "./palettes.ts";
import type { FigureText, Shape } from "./shapes.ts";

/** One measured cell of a heat map. */
export interface HeatMapCell {
  readonly row: string | number;
  readonly column: string | number;
  /** Null where nothing could be measured: hatched, as is a cell that is not given. */
  readonly value: number | null;
  readonly n?: number;
  readonly interval?: Pick<Interval, "low" | "high">;
  /** Where a click leads: `groupLink(group)`. */
  readonly href?: string;
}

/** What a heat map shows. */
export interface HeatMapOptions extends FigureText {
  /** From top to bottom. */
  readonly rows: readonly (string | number)[];
  /** From left to right. */
  readonly columns: readonly (string | number)[];
  readonly cells: readonly HeatMapCell[];
  readonly rowLabel?: string;
  readonly columnLabel?: string;
  readonly unit: string;
  /** The values at the two ends of the palette: 0 to 100 for percent, else from the lowest to the highest. */
  readonly domain?: readonly [number, number];
  /** `cividis` unless said otherwise. */
  readonly palette?: Palette;
  /** 0 for eight columns or more, else 1. */
  readonly decimals?: number;
}

interface Placed {
  readonly row: string;
  readonly column: string;
  readonly cell: HeatMapCell | undefined;
}

/** A grid of values: each printed in its cell and linked to the samples behind it; what is missing is hatched. */
export function heatMap(options: HeatMapOptions): string {
  const prefix = figurePrefix(["heatMap", options]);
  const placed = options.rows.flatMap((row) => options.columns.map((column) => place(options, { row, column })));
  const domain = options.domain ?? domainOf(options);
  const color = colorScale(options.palette ?? "cividis", domain);
  const layout = layoutOf(options);
  const fill = ({ cell }: Placed) => (typeof cell?.value === "number" ? color(cell.value) : `url(#${prefix}-missing)`);
  const link = { href: ({ cell }: Placed) => safeLink(cell?.href), title: (one: Placed) => tip(one, options) };
  const measured = placed.filter(({ cell }) => typeof cell?.value === "number");
  const decimals = decimalsOf(options);
  return draw(prefix, {
    text: { title: options.title, description: options.description ?? summary(options) },
    options: {
      ...layout.plot,
      marks: [
        cell(placed, { x: "column", y: "row", fill, inset: 0.75, rx: 2, ...link }),
        text(measured, {
          x: "column",
          y: "row",
          fontSize: 12,
          fontVariant: "tabular-nums",
          pointerEvents: "none",
          text: ({ cell }: Placed) => fixed(cell!.value, decimals),
          fill: ({ cell }: Placed) => inkOn(color(cell!.value!)),
        }),
      ],
    },
    definitions: [missingPattern(prefix), gradient(prefix, { color, domain })],
    shapes: ramp(prefix, { domain, unit: options.unit, ...layout }),
  });
}

function place({ cells }: HeatMapOptions, { row, column }: Pick<HeatMapCell, "row" | "column">): Placed {
  const cell = cells.find((one) => String(one.row) === String(row) && String(one.column) === String(column));
  return { row: String(row), column: String(column), cell };
}

const valuesOf = ({ cells }: HeatMapOptions): number[] => cells.flatMap(({ value }) => (value === null ? [] : [value]));

function domainOf(options: HeatMapOptions): readonly [number, number] {
  if (options.unit === "%") return [0, 100];
  const values = valuesOf(options);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!Number.isFinite(low)) return [0, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

const decimalsOf = ({ decimals, columns }: HeatMapOptions): number => decimals ?? (columns.length >= 8 ? 0 : 1);

/** "row 2, column 3: 52.0 %, n = 100, 42.1 to 61.8". */
function tip({ row, column, cell }: Placed, options: HeatMapOptions): string {
  const { rowLabel = "row", columnLabel = "column", unit } = options;
  const where = visibleLine(`${rowLabel} ${row}, ${columnLabel} ${column}`);
  if (typeof cell?.value !== "number") return `${where}: not measured`;
  const decimals = Math.max(1, decimalsOf(options));
  const count = cell.n === undefined ? "" : `, n = ${countText(cell.n)}`;
  const range = cell.interval === undefined ? "" : `, ${rangeText(cell.interval, decimals)}`;
  return `${where}: ${fixed(cell.value, decimals)} ${unit}${count}${range}`;
}

function summary(options: HeatMapOptions): string {
  const values = valuesOf(options);
  const grid = `${options.rows.length} rows by ${options.columns.length} columns, in ${options.unit}`;
  if (values.length === 0) return `${grid}; nothing was measured`;
  const decimals = decimalsOf(options);
  return `${grid}; from ${fixed(Math.min(...values), decimals)} to ${fixed(Math.max(...values), decimals)}`;
}

interface Layout {
  readonly plot: Drawing["options"];
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const [rampHeight, rowHeight] = [44, 34];

function layoutOf(options: HeatMapOptions): Layout {
  const { rows, columns, rowLabel, columnLabel, cells } = options;
  const decimals = decimalsOf(options);
  const widest = (names: readonly (string | number)[]) =>
    Math.max(...names.map((name) => textWidth(shortened(String(name), 22))));
  const widestValue = Math.max(
    0,
    ...cells.map(({ value }) => (value === null ? 0 : textWidth(fixed(value, decimals)))),
  );
  const cellWidth = Math.max(36, widestValue + 8, Math.min(widest(columns) + 8, 96));
  const across = Math.max(columns.length * cellWidth, 120);
  const beside = labelWithin(rowLabel ?? "", Math.max(rows.length * rowHeight, 60));
  const left = widest(rows) + 16 + (rowLabel === undefined ? 0 : 20 + beside.more);
  const below = labelWithin(columnLabel ?? "", across);
  const bottom = 24 + (columnLabel === undefined ? 0 : 20 + below.more) + rampHeight;
  const [width, height] = [left + across + 8, 8 + rows.length * rowHeight + bottom];
  const names = (list: readonly (string | number)[]) => list.map(String);
  const axis = { tickSize: 0, tickFormat: (name: string) => shortened(name, 22), labelArrow: "none" } as const;
  const plot = {
    width,
    height,
    marginLeft: left,
    marginRight: 8,
    marginTop: 8,
    marginBottom: bottom,
    padding: 0,
    x: { ...axis, type: "band", domain: names(columns), label: below.label || null, labelOffset: 40 + below.more },
    y: { ...axis, type: "band", domain: names(rows), label: beside.label || null, labelOffset: left - 6 },
  } as const;
  return { plot, left, width, height };
}

const missingPattern = (prefix: string): Shape => [
  "pattern",
  { id: `${prefix}-missing`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
  [["rect", { width: 1.5, height: 6, fill: "currentColor", "fill-opacity": 0.28 }]],
];

function gradient(
  prefix: string,
  { color, domain: [low, high] }: { color: (value: number) => string; domain: readonly [number, number] },
): Shape {
  const stops = Array.from(
    { length: 11 },
    (_, at): Shape => ["stop", { offset: at / 10, "stop-color": color(low + ((high - low) * at) / 10) }],
  );
  return ["linearGradient", { id: `${prefix}-ramp` }, stops];
}

/** The key under the map: the palette with the values at its ends. */
function ramp(
  prefix: string,
  { domain, unit, left, width, height }: { domain: readonly [number, number]; unit: string } & Layout,
): Shape[] {
  const length = Math.min(140, width - left - 8);
  const top = height - 26;
  const label = { y: top + 21, "font-size": 11, fill: "currentColor" };
  const ends = domain.map((value) => String(Number(value.toPrecision(3))));
  return [
    ["rect", { x: left, y: top, width: length, height: 8, rx: 1, fill: `url(#${prefix}-ramp)` }],
    ["text", { ...label, x: left, "text-anchor": "start" }, ends[0]!],
    ["text", { ...label, x: left + length, "text-anchor": "end" }, `${ends[1]} ${unit}`],
  ];
}
