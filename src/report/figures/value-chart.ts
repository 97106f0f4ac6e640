import { axisY, barX, cell, type DotOptions, dot, gridX, type Markish, ruleX, ruleY, text } from "@observablehq/plot";
import { countText, fixed, rangeText } from "../numbers.ts";
import { visibleLine } from "../visible.ts";
import { centredRoom, labelWithin, type NumberAxis, scaleOf, spanWithZero } from "./axes.ts";
import { draw, figurePrefix, referenceStyle, safeLink, shortened, textWidth } from "./drawing.ts";
import { seriesStyle } from "./palettes.ts";
import type { FigureText, Shape } from "./shapes.ts";

/** One value of a bar chart or dot plot. */
export interface ChartValue {
  /** The row it stands in. */
  readonly label: string;
  /** What tells several values of one row apart: the metric, the year, "paper" and "measured". */
  readonly series?: string;
  readonly value: number | null;
  readonly low?: number;
  readonly high?: number;
  readonly n?: number;
  /** Where a click leads: `groupLink(group)`. */
  readonly href?: string;
}

/** What a bar chart or dot plot shows. */
export interface ValueChartOptions extends FigureText {
  /** Rows appear in the order in which they first come. */
  readonly values: readonly ChartValue[];
  readonly x: NumberAxis;
  readonly unit?: string;
  /** A vertical line to compare with: chance, a threshold, the paper's number. */
  readonly reference?: { readonly x: number; readonly label: string };
  readonly width?: number;
  readonly decimals?: number;
}

/** A row for each label, a dot for each series, a line for each interval; for values that need no zero. */
export function dotPlot(options: ValueChartOptions): string {
  return valueChart("dotPlot", options);
}

/** A bar from zero for each value, with its interval; a row's series stand below each other, in the legend's order. */
export function barChart(options: ValueChartOptions & { readonly x: Omit<NumberAxis, "log"> }): string {
  return valueChart("barChart", options);
}

interface PlacedValue extends ChartValue {
  readonly value: number;
  readonly at: number;
  /** The band it is drawn in. */
  readonly row: string;
}

function valueChart(kind: "dotPlot" | "barChart", options: ValueChartOptions): string {
  const prefix = figurePrefix([kind, options]);
  const { values, width = 480 } = options;
  const labels = [...new Set(values.map(({ label }) => label))];
  const series = [...new Set(values.map(({ series }) => series ?? ""))];
  const placed = values.flatMap((one): PlacedValue[] => {
    const at = series.indexOf(one.series ?? "");
    return one.value === null ? [] : [{ ...one, value: one.value, at, row: one.label }];
  });
  const legend = legendOf(kind, series, { width });
  const band = 16 + 14 * series.length;
  const marginLeft = 16 + Math.max(0, ...labels.map((label) => textWidth(shortened(label))));
  const marginTop = 12 + legend.height + (options.reference === undefined ? 0 : 10);
  const span = spanWithZero(options.x, endsOf(options));
  const below = labelWithin(options.x.label, centredRoom(width, { left: marginLeft, right: 20 }));
  const marginBottom = 46 + below.more;
  const margins = { marginTop, marginLeft, marginRight: 20, marginBottom };
  return draw(prefix, {
    text: { title: options.title, description: options.description ?? summary(options) },
    options: {
      width,
      height: marginTop + band * labels.length + marginBottom,
      ...margins,
      x: {
        ...scaleOf({ ...options.x, label: below.label }, span),
        labelAnchor: "center",
        labelOffset: 38 + below.more,
      },
      y: { type: "band", domain: labels, label: null, padding: 0.2 },
      marks: [
        frameMarks(kind, labels),
        ...series.map((_, at) => seriesMarks(kind, { at, count: series.length, band, options, placed })),
        kind === "barChart" ? ruleX([Math.max(0, span[0])], { strokeOpacity: 0.6 }) : null,
        referenceMark(options, span),
        ...legend.marks.map(({ dx = 0, dy = 0, ...mark }) =>
          dot([0], { ...mark, dx: dx - marginLeft, dy: dy - marginTop }),
        ),
      ],
    },
    shapes: legend.shapes,
  });
}

/** Lines to read values by, rows that the eye can follow where no bar leads it, and their names. */
const frameMarks = (kind: "dotPlot" | "barChart", labels: readonly string[]): Markish => [
  gridX({ strokeOpacity: 0.12 }),
  kind === "dotPlot"
    ? cell(labels, { y: (label) => label, fill: "currentColor", fillOpacity: 0.035, inset: -1 })
    : null,
  axisY({ tickSize: 0, label: null, tickFormat: (label: string) => shortened(label) }),
];

interface SeriesContext {
  readonly at: number;
  readonly count: number;
  /** A row's height in pixels. */
  readonly band: number;
  readonly options: ValueChartOptions;
  readonly placed: readonly PlacedValue[];
}

/** One series' marks, moved up or down within the row so that series do not cover each other. */
function seriesMarks(kind: "dotPlot" | "barChart", { at, count, band, options, placed }: SeriesContext): Markish {
  const own = placed.filter((one) => one.at === at);
  const { color, symbol } = seriesStyle(at);
  const inner = band * 0.8;
  const dy = (at - (count - 1) / 2) * (inner / count);
  const channels = { href: ({ href }: PlacedValue) => safeLink(href), title: (one: PlacedValue) => tip(one, options) };
  const ranged = own.filter(({ low, high }) => low !== undefined && high !== undefined);
  const interval = { y: "row", x1: "low", x2: "high", dy, strokeWidth: 1.5, marker: "tick", clip: true } as const;
  if (kind === "dotPlot") {
    return [
      ruleY(ranged, { ...interval, stroke: color, marker: "none", strokeWidth: 2, strokeOpacity: 0.6 }),
      dot(own, { x: "value", y: "row", dy, r: 4.5, fill: color, symbol, ...channels }),
    ];
  }
  const insets = { insetTop: (inner / count) * at + 1, insetBottom: (inner / count) * (count - 1 - at) + 1 };
  return [
    barX(own, { x: "value", y: "row", fill: color, fillOpacity: 0.85, ...insets, rx: 1.5, clip: true, ...channels }),
    ruleY(ranged, { ...interval, stroke: "currentColor" }),
  ];
}

function endsOf({ values, reference }: ValueChartOptions): number[] {
  const ends = values.flatMap(({ value, low = value, high = value }) => [value, low, high]);
  return [...ends, reference?.x ?? null].filter((end) => end !== null);
}

/** A name that would leave the picture on one side stands on the other side of its line. */
function referenceMark({ reference, x }: ValueChartOptions, span: readonly [number, number]): Markish {
  if (reference === undefined) return null;
  const [low, at, high] = [span[0], reference.x, span[1]].map((value) => (x.log ? Math.log(value) : value));
  const share = (at! - low!) / (high! - low!);
  const textAnchor = share > 0.75 ? "end" : share < 0.25 ? "start" : "middle";
  const name = {
    x: () => reference.x,
    frameAnchor: "top",
    lineAnchor: "bottom",
    textAnchor,
    dy: -3,
    fontSize: 11,
    fillOpacity: 0.75,
  } as const;
  return [
    ruleX([reference.x], referenceStyle),
    text([reference.label], { ...name, text: (label: string) => shortened(label) }),
  ];
}

function tip(
  { label, series, value, low, high, n }: PlacedValue,
  { decimals = 2, unit = "" }: ValueChartOptions,
): string {
  const who = series === undefined ? label : `${label}, ${series}`;
  const range = low === undefined || high === undefined ? "" : `, ${rangeText({ low, high }, decimals)}`;
  const count = n === undefined ? "" : `, n = ${countText(n)}`;
  return visibleLine(`${who}: ${`${fixed(value, decimals)} ${unit}`.trim()}${count}${range}`);
}

const legendLine = 18;

/** A swatch and a name for each series, from left to right on as many lines as the width asks for; none for a single one. */
function legendOf(
  kind: "dotPlot" | "barChart",
  series: readonly string[],
  { width }: { readonly width: number },
): Legend {
  if (series.length < 2) return { height: 0, shapes: [], marks: [] };
  const places = legendPlaces(series, width);
  const names = series.map((name, at): Shape => {
    const { x, y } = places[at]!;
    return ["text", { x: x + 17, y: y + 13, "text-anchor": "start", fill: "currentColor" }, shortened(name)];
  });
  const swatches = series.map((_, at): Shape => {
    const { x, y } = places[at]!;
    return ["rect", { x, y: y + 3, width: 11, height: 11, rx: 2, fill: seriesStyle(at).color }];
  });
  // Dots are named by the very marker that is drawn, which only Plot can draw.
  const markers = series.map((_, at) => {
    const { color, symbol } = seriesStyle(at);
    const place = { frameAnchor: "top-left", dx: places[at]!.x + 5, dy: places[at]!.y + 8 } as const;
    return { ...place, r: 4.5, fill: color, symbol };
  });
  const height = places.at(-1)!.y + legendLine;
  return kind === "barChart"
    ? { height, shapes: [...swatches, ...names], marks: [] }
    : { height, shapes: names, marks: markers };
}

function legendPlaces(series: readonly string[], width: number): { readonly x: number; readonly y: number }[] {
  let [x, y] = [8, 0];
  return series.map((name) => {
    const taken = 24 + textWidth(shortened(name));
    if (x > 8 && x + taken > width) [x, y] = [8, y + legendLine];
    const place = { x, y };
    x += taken + 12;
    return place;
  });
}

interface Legend {
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** Options of dots, placed from the picture's top left corner. */
  readonly marks: readonly DotOptions[];
}

function summary({ values, x, unit = "", decimals = 2 }: ValueChartOptions): string {
  const parts = values.map(
    ({ label, series, value }) => `${label}${series ? ` (${series})` : ""} ${fixed(value, decimals)}`,
  );
  return `${x.label}${unit && ` in ${unit}`}: ${parts.join("; ")}`;
}
