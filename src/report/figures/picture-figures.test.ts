import { expect, test } from "vitest";
import { type ConceptPageOptions, conceptPage } from "./concept-page.ts";
import { pictureGallery } from "./picture-gallery.ts";
import { badge, kindPatterns, kindStyle } from "./picture-tiles.ts";
import { parseSvg } from "./svg-double.ts";

const bytes = Uint8Array.from([137, 80, 78, 71]);

test("kindStyle() tells 21 kinds apart: seven colours, then the same striped, then dotted", () => {
  const styles = Array.from({ length: 21 }, (_, at) => kindStyle(at, "p"));

  expect(new Set(styles.map(({ color, pattern }) => `${color} ${pattern}`)).size).toBe(21);
  expect(styles[7]).toMatchObject({ color: styles[0]!.color, pattern: "url(#p-stripes)" });
  expect(kindPatterns("p").map(([, { id }]) => id)).toEqual(["p-stripes", "p-dots"]);
  expect(badge(styles[8]!, "9", { x: 0, y: 0 }).length).toBe(3);
});

test("pictureGallery() shows every row's number, note and pictures, the square that is meant, and says what is empty", () => {
  const tile = { bytes, title: "a.png: 97 %", box: [0.25, 0.25, 0.5] as const };
  const rows = [
    { kind: 0, name: "1", note: "40 % of all", tiles: [tile, tile] },
    { kind: 1, name: "2", note: "<b>", tiles: [] },
  ];

  const svg = pictureGallery({ title: "Concepts", groups: [{ heading: "cats & dogs", rows }] });

  expect(svg.match(/<image /g)).toHaveLength(2);
  expect(svg).toContain("a.png: 97 %");
  expect(svg).toContain("no picture shows it");
  expect(svg).toContain("cats &amp; dogs");
  expect(svg).not.toContain("<b>");
  expect(parseSvg(svg).querySelectorAll("svg")).toHaveLength(1);
});

const page: ConceptPageOptions = {
  title: "a picture",
  bytes,
  width: 8,
  height: 8,
  grid: [1, 2],
  shareName: "θ",
  lines: ["says cat, 99 %"],
  patches: [
    [0.9, 0.1, 0],
    [0, 0.001, 0.999],
  ],
  shares: [0.2, 0.1, 0.7],
  kinds: [0, 1, 2].map((kind) => ({ kind, name: String(kind + 1) })),
};

test("conceptPage() shows the picture, its overlay, its bars in order and a heat map for each main concept", () => {
  const svg = conceptPage(page);

  expect(svg.match(/<image /g)).toHaveLength(2 + 3);
  expect(svg.indexOf("70 %")).toBeLessThan(svg.indexOf("20 %"));
  expect(svg).toContain("says cat, 99 %");
  expect(svg).toContain("3: 70 %; 1: 20 %; 2: 10 %");
});

test("conceptPage() keeps every heading within its column, in the widest fonts too", () => {
  const svg = conceptPage({ ...page, shareName: "the picture's concepts, θ" });

  const heads = [...parseSvg(svg).querySelectorAll("text")].filter(
    (text) => text.getAttribute("fill-opacity") === "0.75",
  );
  expect(heads.map(({ textContent }) => textContent)).toEqual([
    ...["picture", "likeliest concept by", "patch", "the picture's", "concepts, θ"],
  ]);
  for (const head of heads) expect(head.textContent!.length * 11 * 0.66).toBeLessThanOrEqual(168);
  expect(heads.every((head) => Number(head.getAttribute("y")) > 10)).toBe(true);
});

test("conceptPage() is the same for the same picture, and its names are its own", () => {
  const other = conceptPage({ ...page, title: "another" });

  expect(conceptPage(page)).toBe(conceptPage(page));
  const id = (svg: string) => /id="(f\w+)-title"/.exec(svg)![1];
  expect(id(other)).not.toBe(id(conceptPage(page)));
});
