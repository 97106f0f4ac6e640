import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { findModel } from "./load-model.ts";
import { isMiniature, miniatureFolder } from "./miniature-folder.ts";

test("miniatureFolder() leads to the committed folder, and findModel() with it", async () => {
  expect(existsSync(`${miniatureFolder("mini:atlas")}/config.json`)).toBe(true);
  expect(await findModel("mini:atlas")).toBe(miniatureFolder("mini:atlas"));
  expect([isMiniature("mini:atlas"), isMiniature("./mini")]).toEqual([true, false]);
});

test("miniatureFolder() names the nearest miniature to one that nobody knows", () => {
  expect(() => miniatureFolder("mini:atlsa")).toThrow('did you mean "mini:atlas"');
});
