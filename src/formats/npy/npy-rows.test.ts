import { mkdtempSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tensor } from "#base";
import { NpyRows } from "./npy-rows.ts";
import { writeNpy } from "./write-npy.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-npy-rows-"));

test("NpyRows reads the rows that it is asked for", () => {
  const path = join(folder, "rows.npy");
  writeNpy(
    path,
    tensor(
      [3, 2, 2],
      Array.from({ length: 12 }, (_, at) => at),
    ),
  );

  using file = new NpyRows(path);

  expect(file.shape).toEqual([3, 2, 2]);
  expect(file.readRows(1, 3)).toEqual(tensor([2, 2, 2], [4, 5, 6, 7, 8, 9, 10, 11]));
  expect(() => file.readRows(2, 4)).toThrow("npy: Expected rows within");
});

test("NpyRows refuses a file that is cut short", () => {
  const path = join(folder, "short.npy");
  writeNpy(path, tensor([3, 2], [1, 2, 3, 4, 5, 6]));
  truncateSync(path, 140);

  expect(() => new NpyRows(path)).toThrow("NPY file of version 1 to 3");
});
