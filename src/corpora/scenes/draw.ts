import { backgrounds, colors, edgeColor } from "./attributes.ts";
import { canvas, type Layout, layoutOf, type Place } from "./layout.ts";
import type { Scene, SceneGroup } from "./scene.ts";
import { shapes } from "./shapes.ts";

/** The scene as an SVG of 100 × 100 units; the same scene is the same text. */
export function drawScene(scene: Scene): string {
  return paint(scene, layoutOf(scene));
}

/** Paints a scene's things at the given places. */
export function paint({ background, first, second }: Scene, layout: Layout): string {
  const behind = second === null ? "" : paintGroup("second", second.group, layout.second);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${canvas}" height="${canvas}" viewBox="0 0 ${canvas} ${canvas}">`,
    `<rect width="${canvas}" height="${canvas}" fill="${backgrounds[background]}"/>`,
    behind,
    paintGroup("first", first, layout.first),
    "</svg>",
  ].join("");
}

function paintGroup(id: string, group: SceneGroup, places: readonly Place[]): string {
  const filling = { id, color: colors[group.color], period: widths[group.size].period };
  return fillings[group.pattern](filling) + places.map((place) => paintThing(id, group, place)).join("");
}

/** Widths of edge and line, and of a stripe or dot with its gap, for a thing of radius 1: coarser on what is small. */
const widths = {
  small: { edge: 0.08, line: 0.2, period: 0.7 },
  medium: { edge: 0.07, line: 0.2, period: 0.56 },
  large: { edge: 0.06, line: 0.2, period: 0.5 },
  huge: { edge: 0.018, line: 0.075, period: 0.2 },
};

function paintThing(id: string, { shape, size, pattern, color }: SceneGroup, { x, y, radius }: Place): string {
  const { edge, line } = widths[size];
  const outer = pattern === "outlined" ? line + 2 * edge : edge;
  const scale = radius * (1 - outer / 2);
  const path = (attributes: string) => `<path d="${shapes[shape]}" stroke-linejoin="round" ${attributes}/>`;
  const strokes =
    pattern === "outlined"
      ? path(`fill="none" stroke="${edgeColor}" stroke-width="${round(outer)}"`) +
        path(`fill="none" stroke="${colors[color]}" stroke-width="${line}"`)
      : path(
          `fill="${pattern === "solid" ? colors[color] : `url(#${id})`}" stroke="${edgeColor}" stroke-width="${edge}"`,
        );
  return `<g transform="translate(${round(x)} ${round(y)}) scale(${round(scale)})">${strokes}</g>`;
}

interface Filling {
  readonly id: string;
  readonly color: string;
  readonly period: number;
}

const nothing = (): string => "";

/** Colour on white, repeated in the units of the thing. */
const fillings = {
  solid: nothing,
  outlined: nothing,
  striped: ({ id, color, period }) =>
    `<pattern id="${id}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" ${tile(period)}` +
    `<rect width="${round(0.54 * period)}" height="${period}" fill="${color}"/></pattern>`,
  dotted: ({ id, color, period }) =>
    `<pattern id="${id}" patternUnits="userSpaceOnUse" x="${period / 2}" y="${period / 2}" ${tile(period)}` +
    `<circle cx="${period / 2}" cy="${period / 2}" r="${round(0.34 * period)}" fill="${color}"/></pattern>`,
} satisfies Record<SceneGroup["pattern"], (filling: Filling) => string>;

function tile(period: number): string {
  const size = `width="${period}" height="${period}"`;
  return `${size}><rect ${size} fill="#ffffff"/>`;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
