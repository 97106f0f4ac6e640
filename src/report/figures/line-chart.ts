import { areaY, dot, gridY, line, lineY, type Markish, ruleX, ruleY, text } from "@observablehq/plot";
import { countText, fixed, rangeText } from "../numbers.ts";
import { visibleLine } from "../visible.ts";
import { centredRoom, labelWithin, type NumberAxis, scaleOf, spanOf } from "./axes.ts";
import { draw, figurePrefix, referenceStyle, safeLink, shortened } from "./drawing.ts";
import { type Frame, keyShapes, keyWidth, type PlacedKey, placeKeys } from "./key.ts";
import { type SeriesStyle, seriesStyle } from "./palettes.ts";
import type { ChartPoint, ChartSeries } from "./series.ts";
import type { FigureText } from "./shapes.ts";

/** What a line chart shows. */
export interface LineChartOptions extends FigureText {
  readonly series: readonly ChartSeries[];
  readonly x: NumberAxis;
  readonly y: NumberAxis;
  readonly unit?: string;
  /** `ribbon` unless said otherwise; `bars` suit few points, `none` leaves them to the tooltips. */
  readonly intervals?: "ribbon" | "bars" | "none";
  /** Off for dense curves. */
  readonly markers?: boolean;
  /** What to compare with: a horizontal line at a value (chance, the paper's number), or `diagonal`. */
  readonly reference?: { readonly y: number; readonly label: string } | "diagonal";
  readonly width?: number;
  readonly height?: number;
  readonly decimals?: number;
}

/** Lines over a number, each told apart by colour, dash and marker and named where it ends, with its intervals. */
export function lineChart(options: LineChartOptions): string {
  const prefix = figurePrefix(["lineChart", options]);
  const { series, x, y, width = 480, height = 320 } = options;
  const points = series.flatMap(({ points }) => points);
  const [xSpan, ySpan] = [
    spanOf(
      x,
      points.map((point) => point.x),
    ),
    spanOf(y, heights(options)),
  ];
  const sides = { left: 52, right: keyWidth(series) + 12 };
  const below = labelWithin(x.label, centredRoom(width, sides));
  const above = labelWithin(y.label, width - 16);
  const frame = { ...sides, top: 28 + above.more, bottom: 44 + below.more, width, height };
  const keys = placeKeys(series, { frame, axis: y, span: ySpan });
  return draw(prefix, {
    text: { title: options.title, description: options.description ?? summary(options) },
    options: {
      width,
      height,
      ...marginsOf(frame),
      x: { ...scaleOf({ ...x, label: below.label }, xSpan), labelAnchor: "center", labelOffset: 38 + below.more },
      y: { ...scaleOf({ ...y, label: above.label }, ySpan), labelOffset: 44 },
      marks: [
        gridY({ strokeOpacity: 0.12 }),
        referenceMark(options, { xSpan, ySpan }),
        ...series.map(({ points }, at) => intervalMark(points, { style: seriesStyle(at), options })),
        ...series.map((one, at) => lineMarks(one, { style: seriesStyle(at), options })),
        ...(options.markers === false ? [] : keys).map((key) => keyMarker(key, frame)),
      ],
    },
    shapes: keyShapes(keys, { series, frame }),
  });
}

const marginsOf = ({ top, right, bottom, left }: Frame) => ({
  marginTop: top,
  marginRight: right,
  marginBottom: bottom,
  marginLeft: left,
});

/** The marker in the key: only Plot can draw the very one that is on the line. */
function keyMarker({ at, y }: PlacedKey, { top }: Frame): Markish {
  const { color, symbol } = seriesStyle(at);
  return dot([0], { frameAnchor: "top-right", dx: 23, dy: y - top, r: 4, fill: color, symbol });
}

/** A dense curve, such as a running mean, a loss or an ROC: a line chart without markers. */
export const curve = (options: Omit<LineChartOptions, "markers">): string => lineChart({ ...options, markers: false });

/** Everything that the vertical axis must hold. */
function heights({ series, reference }: LineChartOptions): number[] {
  const ends = series.flatMap(({ points }) => points.flatMap(({ y, low = y, high = y }) => [y, low, high]));
  return typeof reference === "object" ? [...ends, reference.y] : ends;
}

interface MarkContext {
  readonly style: SeriesStyle;
  readonly options: LineChartOptions;
}

function intervalMark(points: readonly ChartPoint[], { style: { color }, options }: MarkContext): Markish {
  const { intervals = "ribbon" } = options;
  const ranged = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  if (intervals === "none" || ranged.length === 0) return null;
  const ends = { x: "x", y1: "low", y2: "high", clip: true } as const;
  return intervals === "ribbon"
    ? areaY(ranged, { ...ends, fill: color, fillOpacity: 0.16 })
    : ruleX(ranged, { ...ends, stroke: color, strokeWidth: 1.5, marker: "tick" });
}

function lineMarks({ name, points }: ChartSeries, { style, options }: MarkContext): Markish {
  const { color, dash, symbol } = style;
  const path = lineY(points, { x: "x", y: "y", stroke: color, strokeWidth: 2, strokeDasharray: dash, clip: true });
  if (options.markers === false) return path;
  const channels = {
    href: ({ href }: ChartPoint) => safeLink(href),
    title: (point: ChartPoint) => tip(name, { point, options }),
  };
  return [path, dot(points, { x: "x", y: "y", fill: color, symbol, r: 4, ...channels })];
}

function tip(name: string, { point, options }: { point: ChartPoint; options: LineChartOptions }): string {
  const { x, y, low, high, n } = point;
  const { decimals = 2, unit = "" } = options;
  const range = low === undefined || high === undefined ? "" : `, ${rangeText({ low, high }, decimals)}`;
  const count = n === undefined ? "" : `, n = ${countText(n)}`;
  return visibleLine(`${name}, ${options.x.label} ${x}: ${`${fixed(y, decimals)} ${unit}`.trim()}${count}${range}`);
}

function referenceMark(
  { reference }: LineChartOptions,
  { xSpan, ySpan }: { xSpan: readonly [number, number]; ySpan: readonly [number, number] },
): Markish {
  if (reference === undefined) return null;
  if (reference !== "diagonal") {
    const name = { y: () => reference.y, frameAnchor: "right", textAnchor: "end", dy: -8, fontSize: 11 } as const;
    return [
      ruleY([reference.y], referenceStyle),
      text([reference.label], { ...name, text: (label: string) => shortened(label), fillOpacity: 0.75 }),
    ];
  }
  const ends = [Math.max(xSpan[0], ySpan[0]), Math.min(xSpan[1], ySpan[1])];
  return line(ends, { x: (end: number) => end, y: (end: number) => end, ...referenceStyle });
}

function summary({ series, x, y }: LineChartOptions): string {
  const lines = series.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return first && last
      ? `${name} from ${fixed(first.y)} at ${first.x} to ${fixed(last.y)} at ${last.x}`
      : `${name} has no points`;
  });
  return `${y.label} over ${x.label}: ${lines.join("; ")}`;
}
