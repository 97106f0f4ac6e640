import { createHash } from "node:crypto";
import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { visible } from "../visible.ts";
import type { FigureText, Shape } from "./shapes.ts";

/** A figure under construction: names that no other figure has, and shapes around Plot's own. */
export interface Drawing {
  readonly text: Required<FigureText>;
  readonly options: PlotOptions;
  /** Gradients and patterns; refer to them by `url(#…)` with the prefix of the figure. */
  readonly definitions?: readonly Shape[];
  readonly shapes?: readonly Shape[];
}

/** A name for a figure's styles and definitions, the same whenever the same figure is drawn. */
export const figurePrefix = (content: unknown): string =>
  `f${createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 10)}`;

/** Draws in Node, on a document of its own, and returns SVG that needs nothing around it. */
export function draw(prefix: string, { text, options, definitions = [], shapes = [] }: Drawing): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = plot({ ...options, document, className: prefix });
  const build = builderIn(document);
  const labels = [
    ["title", { id: `${prefix}-title` }, text.title],
    ["desc", { id: `${prefix}-desc` }, text.description],
  ] as const;
  svg.prepend(...labels.map(build), ...(definitions.length > 0 ? [build(["defs", {}, definitions])] : []));
  svg.append(...shapes.map(build));
  svg.setAttribute("font-size", "12");
  // A picture hides its parts from screen readers; one with links must not.
  svg.setAttribute("role", svg.querySelector("a") ? "group" : "img");
  svg.setAttribute("aria-labelledby", `${prefix}-title ${prefix}-desc`);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  // On the whole at once: Plot draws labels in more places than could be minded one by one.
  return visible(withOwnNames(svg.outerHTML, prefix));
}

type SvgDocument = ReturnType<typeof parseHTML>["document"];

/** Makes elements of shapes, and of the shapes inside them. */
function builderIn(document: SvgDocument) {
  return function build([name, attributes, inside]: Shape): ReturnType<SvgDocument["createElementNS"]> {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (typeof inside === "string") element.textContent = inside;
    else element.append(...(inside ?? []).map(build));
    return element;
  };
}

/** A figure without axes: shapes on a sheet. */
export interface Sheet extends Pick<Drawing, "definitions" | "shapes"> {
  readonly text: Required<FigureText>;
  readonly width: number;
  readonly height: number;
}

/** Draws shapes alone, as `draw` draws them around a plot. */
export function drawSheet(prefix: string, { text, width, height, definitions = [], shapes = [] }: Sheet): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const build = builderIn(document);
  const labelled = {
    role: "img",
    "aria-labelledby": `${prefix}-title ${prefix}-desc`,
    xmlns: "http://www.w3.org/2000/svg",
  };
  const size = {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "font-family": "system-ui, sans-serif",
    "font-size": 12,
  };
  const inside: Shape[] = [
    ["title", { id: `${prefix}-title` }, text.title],
    ["desc", { id: `${prefix}-desc` }, text.description],
    ...(definitions.length > 0 ? [["defs", {}, definitions] as const] : []),
    ...shapes,
  ];
  return visible(build(["svg", { class: prefix, ...size, ...labelled }, inside]).outerHTML);
}

/** Plot numbers its clips and markers through the whole process; here each figure numbers its own. */
function withOwnNames(svg: string, prefix: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/(?<=id="|url\(#)plot-(?:clip|marker)-\d+/g, (name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size + 1);
    return `${prefix}-${numbers.get(name)}`;
  });
}

/** The line of a value to compare with. */
export const referenceStyle = {
  stroke: "currentColor",
  strokeOpacity: 0.6,
  strokeDasharray: "1 4",
  strokeLinecap: "round",
  strokeWidth: 1.5,
} as const;

/** A link that may stand in a figure: within the page or to the web; any other could run. */
export const safeLink = (href: string | undefined): string | undefined =>
  href !== undefined && /^(#|https?:\/\/)/i.test(href) ? href : undefined;

/** Roughly how wide a text is drawn, in pixels. */
export const textWidth = (text: string, size = 12): number => Math.ceil([...text].length * size * 0.58);

/** A long name cut to fit; the whole stands in the tooltip. */
export const shortened = (name: string, length = 28): string => {
  const characters = [...visible(name).replaceAll("\n", " ")];
  return characters.length <= length ? characters.join("") : `${characters.slice(0, length - 1).join("")}…`;
};
