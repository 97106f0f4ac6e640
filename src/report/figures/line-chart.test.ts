import { expect, test } from "vitest";
import { curve, type LineChartOptions, lineChart } from "./line-chart.ts";
import { parseSvg, textsOf } from "./svg-double.ts";

const points = [10, 100, 1000].map((x, at) => ({ x, y: 90 - 30 * at, low: 80 - 30 * at, high: 95 - 30 * at, n: 50 }));
const options: LineChartOptions = {
  title: "Accuracy",
  x: { label: "photos", log: true },
  y: { label: "exact, %" },
  unit: "%",
  series: [
    { name: "mine", points },
    { name: "theirs", points: points.map((point) => ({ ...point, y: point.y / 2 })) },
  ],
};
const attributes = (svg: string, selector: string, name: string) =>
  [...parseSvg(svg).querySelectorAll(selector)].map((element) => element.getAttribute(name));

test("lineChart() tells its series apart by dash and name, and says each point in its tooltip", () => {
  const svg = lineChart(options);

  expect(attributes(svg, "svg > line", "stroke-dasharray")).toEqual(["none", "6 3"]);
  expect(parseSvg(svg).querySelectorAll('g[stroke-dasharray="6 3"]').length).toBe(1);
  expect(textsOf(svg, "text > tspan")).toEqual(expect.arrayContaining(["mine", "theirs"]));
  expect(textsOf(svg, '[aria-label="dot"] title')[0]).toBe("mine, photos 10: 90.00 %, n = 50, 80.00 to 95.00");
});

test("lineChart() takes equal steps for equal factors on a log axis", () => {
  const [path] = attributes(lineChart(options), '[aria-label="line"] path', "d");

  const [first, second, third] = path!.match(/[\d.]+(?=,)/g)!.map(Number) as [number, number, number];
  expect(second - first).toBeCloseTo(third - second, 2);
});

test("lineChart() draws intervals as ribbons, as bars, or not at all", () => {
  const parts = (intervals: "ribbon" | "bars" | "none") => {
    const svg = lineChart({ ...options, intervals });
    return ["area", "rule"].map((name) => parseSvg(svg).querySelectorAll(`[aria-label="${name}"]`).length);
  };

  expect([parts("ribbon"), parts("bars"), parts("none")]).toEqual([
    [2, 0],
    [0, 2],
    [0, 0],
  ]);
});

test("curve() draws no markers and names what it compares with", () => {
  const svg = curve({ ...options, reference: { y: 25, label: "chance" } });

  expect(parseSvg(svg).querySelectorAll('[aria-label="dot"]').length).toBe(0);
  expect(textsOf(svg, "text")).toContain("chance");
});

test("lineChart() draws a series without points, and none at all", () => {
  expect(lineChart({ ...options, series: [{ name: "empty", points: [] }] })).toContain("empty has no points");
  expect(lineChart({ ...options, series: [] })).toMatch(/^<svg/);
});

test("lineChart() numbers its clips by itself, so that the same figure is the same text", () => {
  expect(lineChart(options)).toBe(lineChart(options));
  expect(lineChart(options)).not.toContain("plot-clip");
});
