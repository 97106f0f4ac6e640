import { expect, test } from "vitest";
import { printTable, processDesk } from "./desk.ts";
import { deskDouble } from "./desk-double.ts";

test("processDesk() gives a pipe 100 columns, or what COLUMNS says, and never less than can be read", () => {
  const widths = [{}, { COLUMNS: "60" }, { COLUMNS: "5" }, { COLUMNS: "wide" }].map((env) => processDesk(env).columns);

  expect(process.stdout.isTTY).toBeFalsy();
  expect(widths).toEqual([100, 60, 20, 100]);
});

test("printTable() keeps within the desk's columns", () => {
  const desk = deskDouble({ columns: 30 });

  printTable(desk, [
    ["name", "first", "second"],
    ["one", "50.00 [40.00, 60.00]", "51.00 [40.00, 60.00]"],
  ]);

  expect(desk.printed.join("\n").split("\n\n")).toHaveLength(2);
  expect(
    Math.max(
      ...desk.printed
        .join("\n")
        .split("\n")
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(30);
});
