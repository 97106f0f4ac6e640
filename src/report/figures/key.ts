import type { NumberAxis } from "./axes.ts";
import { shortened, textWidth } from "./drawing.ts";
import { seriesStyle } from "./palettes.ts";
import type { ChartSeries } from "./series.ts";
import type { Shape } from "./shapes.ts";

/** A figure's edges in pixels. */
export interface Frame {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** Where a series' name stands, beside the end of its line. */
export interface PlacedKey {
  readonly at: number;
  readonly y: number;
}

const sample = 42;
const lineHeight = 17;
const nameLength = 26;

/** The room that the names need on the right. */
export const keyWidth = (series: readonly ChartSeries[]): number =>
  sample + Math.max(0, ...series.map(({ name }) => textWidth(shortened(name, nameLength))));

/** Each name at the height where its line ends, moved apart where they would cover each other. */
export function placeKeys(
  series: readonly ChartSeries[],
  { frame, axis, span }: { frame: Frame; axis: NumberAxis; span: readonly [number, number] },
): PlacedKey[] {
  const scale = axis.log ? Math.log : (value: number) => value;
  const [low, high] = span.map(scale) as [number, number];
  const [top, bottom] = [frame.top, frame.height - frame.bottom];
  const wanted = series.map(({ points }, at) => {
    const share = (scale(points.at(-1)?.y ?? span[0]) - low) / (high - low);
    return { at, y: Math.min(bottom, Math.max(top, bottom - share * (bottom - top))) };
  });
  const sorted = wanted.toSorted((a, b) => a.y - b.y);
  const down = spread(sorted.map(({ y }) => y));
  // What was pushed below the frame is pushed up again from there.
  const up = spread(down.map((y) => -Math.min(y, bottom)).toReversed())
    .map((y) => -y)
    .toReversed();
  return sorted.map(({ at }, index) => ({ at, y: up[index]! }));
}

/** Ascending heights at least a line apart. */
function spread(heights: readonly number[]): number[] {
  const placed: number[] = [];
  for (const height of heights) placed.push(Math.max(height, (placed.at(-1) ?? -Infinity) + lineHeight));
  return placed;
}

/** A piece of each line and its name; the marker on it is Plot's own. */
export function keyShapes(
  keys: readonly PlacedKey[],
  { series, frame }: { series: readonly ChartSeries[]; frame: Frame },
): Shape[] {
  const edge = frame.width - frame.right;
  return keys.flatMap(({ at, y }): Shape[] => {
    const { color, dash } = seriesStyle(at);
    const stroke = { stroke: color, "stroke-width": 2, "stroke-dasharray": dash };
    const name = series[at]!.name;
    const label = { x: edge + sample - 2, y, dy: "0.34em", "text-anchor": "start", fill: "currentColor" };
    return [
      ["line", { x1: edge + 10, x2: edge + 36, y1: y, y2: y, ...stroke }],
      [
        "text",
        label,
        [
          ["title", {}, name],
          ["tspan", {}, shortened(name, nameLength)],
        ],
      ],
    ];
  });
}
