import { expect, test } from "vitest";
import { z } from "zod";
import { defineSettings, resolveSettings, resumableSettings, show, thawSettings } from "./settings.ts";

const table = defineSettings({
  pictures: { symbol: "M", meaning: "a whole number", read: z.coerce.number().int(), paper: 10, from: "§3", tiny: 1 },
  order: { meaning: "a word", read: z.string(), paper: "given", from: "§4" },
});
const resolve = (preset: "tiny" | "paper", assignments: Record<string, string> = {}) =>
  resolveSettings(table, { study: "demo", preset, assignments });

test("resolveSettings() takes the preset's values where it has its own, else the paper's", () => {
  expect(resolve("tiny")).toEqual({ pictures: 1, order: "given" });
  expect(resolve("paper")).toEqual({ pictures: 10, order: "given" });
});

test("resolveSettings() puts the user's assignments over the preset", () => {
  expect(resolve("tiny", { pictures: "4" })).toEqual({ pictures: 4, order: "given" });
});

test("resolveSettings() names the nearest setting for an unknown one", () => {
  expect(() => resolve("tiny", { picture: "4" })).toThrow('did you mean "pictures"?');
});

test("resolveSettings() and thawSettings() know no setting by the name of what every object has", () => {
  for (const name of ["toString", "constructor", "__proto__"]) {
    expect(() => resolve("tiny", Object.fromEntries([[name, "4"]])), name).toThrow("Expected a setting of the study");
    expect(() => thawSettings(table, JSON.parse(`{"pictures": 1, "order": "x", "${name}": 1}`)), name).toThrow(name);
  }
});

test("resumableSettings() refuses settings that lack one which the study has by now, thawSettings() shows them", () => {
  expect(thawSettings(table, { pictures: 1 })).toEqual({ pictures: 1 });
  expect(resumableSettings(table, { pictures: 1, order: "x" })).toEqual({ pictures: 1, order: "x" });
  expect(() => resumableSettings(table, { pictures: 1 })).toThrow(/without a setting that the study has now: order/);
});

test("resolveSettings() says what a setting expects and what the paper uses", () => {
  expect(() => resolve("tiny", { pictures: "many" })).toThrow(/a whole number, got "many".*the paper uses 10/);
});

test("thawSettings() refuses settings that the study no longer has", () => {
  expect(() => thawSettings(table, { pictures: 1, order: "x", gone: 2 })).toThrow("gone");
});

test("showSetting() writes a value as one would type it after --set", () => {
  expect([[1, 2], "a", 3, true, null].map(show)).toEqual(["1,2", "a", "3", "true", "null"]);
});
