import { expect, test } from "vitest";
import { parseSvg, textsOf } from "./svg-double.ts";
import { barChart, dotPlot, type ValueChartOptions } from "./value-chart.ts";

const options: ValueChartOptions = {
  ...{ title: "Metrics", x: { label: "accuracy, %" }, unit: "%" },
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
