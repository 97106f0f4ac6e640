/** What the figures made of pictures share: embedded images, and colours with a number for each concept. */

import { inkOn, seriesStyle } from "./palettes.ts";
import type { Shape } from "./shapes.ts";

/** How many colours are told apart by eye; the next as many are the same with stripes, then with dots. */
const hues = 7;

/** The fill of a numbered kind: a colour of Okabe and Ito, from the eighth on with a pattern over it. */
export interface KindStyle {
  readonly color: string;
  readonly ink: string;
  /** `url(#…)` of a pattern to lay over the colour. */
  readonly pattern?: string;
}

/** The style of the kind at a place. */
export function kindStyle(at: number, prefix: string): KindStyle {
  const { color } = seriesStyle(at % hues);
  const ink = inkOn(color);
  const round = Math.floor(at / hues) % 3;
  return round === 0 ? { color, ink } : { color, ink, pattern: `url(#${prefix}-${round === 1 ? "stripes" : "dots"})` };
}

/** The patterns that `kindStyle` refers to. */
export const kindPatterns = (prefix: string): readonly Shape[] => [
  [
    "pattern",
    { id: `${prefix}-stripes`, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    [["rect", { width: 2, height: 5, fill: "#fff", "fill-opacity": 0.75 }]],
  ],
  [
    "pattern",
    { id: `${prefix}-dots`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
    [["circle", { cx: 3, cy: 3, r: 1.6, fill: "#fff", "fill-opacity": 0.85 }]],
  ],
];

/** A place on a sheet. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A PNG, its pixels kept sharp when they are blown up. */
export const pngShape = (
  bytes: Uint8Array,
  place: Place,
  attributes: Readonly<Record<string, string | number>> = {},
): Shape => [
  "image",
  {
    ...place,
    ...attributes,
    href: `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`,
    preserveAspectRatio: "none",
    style: "image-rendering:pixelated",
  },
];

/** A rectangle in a kind's colour, and its pattern over it. */
export function kindShapes(style: KindStyle, place: Place, opacity: number): Shape[] {
  const plain: Shape = ["rect", { ...place, fill: style.color, "fill-opacity": opacity }];
  return style.pattern === undefined
    ? [plain]
    : [plain, ["rect", { ...place, fill: style.pattern, "fill-opacity": opacity }]];
}

/** A numbered badge in a kind's colour. */
export function badge(
  style: KindStyle,
  name: string,
  { x, y, size = 22 }: { x: number; y: number; size?: number },
): Shape[] {
  const place = { x, y, width: size, height: size };
  const text = { x: x + size / 2, y: y + size / 2 + 4, "text-anchor": "middle", "font-weight": 700, "font-size": 11 };
  return [
    ["rect", { ...place, rx: 4, fill: style.color }],
    ...(style.pattern === undefined ? [] : [["rect", { ...place, rx: 4, fill: style.pattern }] as const]),
    [
      "text",
      {
        ...text,
        fill: style.ink,
        stroke: style.ink === "#000" ? "#fff" : "#000",
        "stroke-width": 2.5,
        "stroke-opacity": style.pattern === undefined ? 0 : 0.9,
        "paint-order": "stroke",
      },
      name,
    ],
  ];
}
