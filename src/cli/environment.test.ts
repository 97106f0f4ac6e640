import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

test("readEnvironment() reads the files named and lets the real environment win", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-env-"));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const files = [file("a.env", "A=1\nB=1"), file("b.env", "B=2\nC=2")];

  expect(readEnvironment(files, { C: "real" })).toMatchObject({ A: "1", B: "2", C: "real" });
  expect(() => readEnvironment([join(folder, "none")], {})).toThrow(/--env-file .*none to be a readable file/);
});
