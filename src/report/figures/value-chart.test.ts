import { expect, test } from "vitest";
import { parseSvg, textsOf } from "./svg-double.ts";
import { barChart, dotPlot, type ValueChartOptions } from "./value-chart.ts";

const options: ValueChartOptions = {
  title: "Metrics",
  x: { label: "accuracy, %" },
  unit: "%",
  values: [
    { label: "mine", series: "exact", value: 40, low: 35, high: 45, n: 400, href: "#group-a" },
    { label: "mine", series: "index", value: 60, low: 55, high: 65 },
    { label: "theirs", series: "exact", value: null },
  ],
};
const numbers = (svg: string, selector: string, name: string) =>
  [...parseSvg(svg).querySelectorAll(selector)].map((element) => Number(element.getAttribute(name)));

test("barChart() starts at zero: twice the value, twice the length", () => {
  const svg = barChart({ ...options, values: [20, 40].map((value) => ({ label: `${value}`, value })) });

  const [short, long] = numbers(svg, '[aria-label="bar"] rect', "width");
  expect(long! / short!).toBeCloseTo(2, 5);
});

test("barChart() keeps a row's series from covering each other", () => {
  const svg = barChart(options);

  const [first, second] = numbers(svg, '[aria-label="bar"] rect', "y");
  const [height] = numbers(svg, '[aria-label="bar"] rect', "height");
  expect(second! - first!).toBeGreaterThanOrEqual(height!);
});

test("dotPlot() names its series, links its dots, draws intervals, and skips what was not measured", () => {
  const svg = dotPlot(options);

  const titles = textsOf(svg, '[aria-label="dot"] title');
  expect(titles).toEqual(["mine, exact: 40.00 %, n = 400, 35.00 to 45.00", "mine, index: 60.00 %, 55.00 to 65.00"]);
  expect(parseSvg(svg).querySelector("a")?.getAttribute("href")).toBe("#group-a");
  expect(parseSvg(svg).querySelectorAll('[aria-label="rule"] line').length).toBe(2);
  expect(textsOf(svg, "text")).toEqual(expect.arrayContaining(["exact", "index", "theirs"]));
});

test("dotPlot() draws a line with a name to compare with", () => {
  expect(textsOf(dotPlot({ ...options, reference: { x: 50, label: "chance" } }), "text")).toContain("chance");
});

test("barChart() goes on below with a legend that is wider than the picture", () => {
  const names = ["one long name of a series", "another long name of one", "and a third long name"];
  const values = names.map((series) => ({ label: "mine", series, value: 1 }));

  const svg = barChart({ ...options, values, width: 400 });

  const places = [...parseSvg(svg).querySelectorAll("svg > rect")].map((one) =>
    ["x", "y"].map((name) => Number(one.getAttribute(name))),
  );
  expect(places.map(([, y]) => y)).toEqual([3, 21, 21]);
  expect(places.map(([x]) => x)).toEqual([8, 8, expect.any(Number)]);
});

test("dotPlot() puts the name of a line at the edge inside the picture, on a log axis too", () => {
  const anchorOf = (at: number) => {
    const x = { label: "size", log: true, domain: [1, 10_000] } as const;
    const svg = dotPlot({ ...options, x, reference: { x: at, label: "chance" } });
    return parseSvg(svg).querySelector('[aria-label="text"]')?.getAttribute("text-anchor") ?? "middle";
  };

  expect([2, 100, 9000].map(anchorOf)).toEqual(["start", "middle", "end"]);
});
