import { expect, test } from "vitest";
import { groupLink } from "../anchors.ts";
import { type HeatMapOptions, heatMap } from "./heat-map.ts";
import { parseSvg, textsOf } from "./svg-double.ts";

const options: HeatMapOptions = {
  title: "Positions",
  rows: [1, 2],
  columns: [1, 2],
  unit: "%",
  rowLabel: "row",
  columnLabel: "column",
  cells: [
    { row: 1, column: 1, value: 90, n: 1200, href: groupLink("g"), interval: { low: 80, high: 95 } },
    { row: 1, column: 2, value: 10, n: 60 },
    { row: 2, column: 1, value: null },
  ],
};

test("heatMap() prints each value in its cell and says where, how many and how sure in the tooltip", () => {
  const svg = heatMap(options);

  expect(textsOf(svg, '[aria-label="text"] text')).toEqual(["90.0", "10.0"]);
  expect(textsOf(svg, "rect title")).toEqual([
    "row 1, column 1: 90.0 %, n = 1,200, 80.0 to 95.0",
    "row 1, column 2: 10.0 %, n = 60",
    "row 2, column 1: not measured",
    "row 2, column 2: not measured",
  ]);
});

test("heatMap() links a cell to its samples and hatches what was not measured", () => {
  const document = parseSvg(heatMap(options));

  const hatched = [...document.querySelectorAll("rect")].filter((one) =>
    /-missing\)$/.test(one.getAttribute("fill") ?? ""),
  );
  expect([...document.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual(["#group-g"]);
  expect(hatched.length).toBe(2);
});

test("heatMap() has a size, a title and a description, and is a picture unless it has links", () => {
  const svg = parseSvg(heatMap({ ...options, cells: [] })).querySelector("svg")!;
  const linked = parseSvg(heatMap(options)).querySelector("svg")!;

  for (const name of ["width", "height", "viewBox"]) expect(svg.getAttribute(name)).toBeTruthy();
  expect([svg.getAttribute("role"), linked.getAttribute("role")]).toEqual(["img", "group"]);
  expect(textsOf(heatMap(options), "svg > title, svg > desc")).toEqual([
    "Positions",
    "2 rows by 2 columns, in %; from 10.0 to 90.0",
  ]);
});

test("heatMap() names nothing as another figure does, and the same figure the same", () => {
  const named = (svg: string) => [...svg.matchAll(/(?:id|class)="([^"]+)"/g)].map(([, name]) => name);

  const other = named(heatMap({ ...options, title: "Other" }));

  expect(heatMap(options)).toBe(heatMap(options));
  expect(named(heatMap(options)).filter((name) => other.includes(name))).toEqual([]);
});

test("heatMap() lets no label become markup and no link run", () => {
  const nasty = "</title><script>alert(1)</script>\u202e\u0000";
  const cells = [{ row: nasty, column: 1, value: 1, href: "javascript:alert(1)" }];

  const svg = heatMap({ ...options, title: nasty, rows: [nasty], columns: [1], rowLabel: nasty, unit: nasty, cells });

  expect(parseSvg(svg).querySelectorAll("script, a").length).toBe(0);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
  expect(svg).not.toMatch(/[\u0000\u202e]/);
});
