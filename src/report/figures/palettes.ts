import { scale } from "@observablehq/plot";

/**
 * Colours for a heat map, from low to high. `cividis` and `viridis` stay readable for colour-blind eyes and in grey;
 * `mmneedle` is the paper's own (§6), from red over yellow to green, and does not.
 */
export type Palette = "cividis" | "viridis" | "blues" | "mmneedle";

/** What tells one series from another: a colour of Okabe and Ito, and for those who cannot see it a dash and a marker. */
export interface SeriesStyle {
  readonly color: string;
  readonly dash: string;
  readonly symbol: "circle" | "square" | "triangle" | "diamond2" | "star" | "cross" | "wye" | "asterisk";
}

const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8f98"];
const dashes = ["none", "6 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2 1 2"];
const symbols = ["circle", "square", "triangle", "diamond2", "star", "cross", "wye", "asterisk"] as const;

/** The style of the series at a place; three cycles of different lengths keep 168 apart. */
export const seriesStyle = (at: number): SeriesStyle => ({
  color: colors[at % colors.length]!,
  dash: dashes[at % dashes.length]!,
  symbol: symbols[at % symbols.length]!,
});

/** A palette over a domain as a function from value to colour; values outside take the colour at the end. */
export function colorScale(palette: Palette, [low, high]: readonly [number, number]): (value: number) => string {
  const shared = { type: "linear", clamp: true } as const;
  const middle = (low + high) / 2;
  const { apply } = scale({
    color:
      palette === "mmneedle"
        ? { ...shared, domain: [low, middle, high], range: ["#f0496e", "#ebb839", "#0cd79f"], interpolate: "rgb" }
        : { ...shared, domain: [low, high], scheme: palette },
  });
  return (value) => String(apply(value));
}

/** Black or white, whichever stands out more from a colour, by WCAG's contrast ratio. */
export function inkOn(color: string): "#000" | "#fff" {
  const luminance = luminanceOf(color);
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? "#000" : "#fff";
}

/**
 * Relative luminance of `#rrggbb` or `rgb(r, g, b)`.
 *
 *     Y = 0.2126 R + 0.7152 G + 0.0722 B, each channel made linear
 *
 * Source   WCAG 2.2, relative luminance
 */
function luminanceOf(color: string): number {
  const channels = color.startsWith("#")
    ? [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
    : color.match(/[\d.]+/g)!.map(Number);
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
