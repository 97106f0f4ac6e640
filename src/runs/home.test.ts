import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assayHome } from "./home.ts";

test("assayHome() takes ASSAY_HOME, then the project's .assay, then the platform's folder", () => {
  const cwd = mkdtempSync(join(tmpdir(), "assay-home-"));

  expect(assayHome({ ASSAY_HOME: "here" }, { cwd })).toBe(join(cwd, "here"));
  expect(assayHome({ XDG_DATA_HOME: "/data" }, { cwd, platform: "linux" })).toBe("/data/assay");
  mkdirSync(join(cwd, ".assay"));
  expect(assayHome({ XDG_DATA_HOME: "/data" }, { cwd, platform: "linux" })).toBe(join(cwd, ".assay"));
});
