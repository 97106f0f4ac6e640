import { expect, test } from "vitest";
import { alignedTable } from "./aligned.ts";

test("alignedTable() aligns names left and numbers right, counting what a terminal shows", () => {
  const table = alignedTable(
    ["model", "exact"],
    [
      ["模型", "97.1"],
      ["é-small", "3"],
    ],
  );

  expect(table.split("\n")).toEqual(["model    exact", "───────  ─────", "模型      97.1", "é-small      3"]);
});
