import { expect, test } from "vitest";
import { z } from "zod";
import { defineSettings, resolveSettings, show, thawSettings } from "./settings.ts";

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

test("resolveSettings() knows no setting by a name that every object has", () => {
  expect(() => resolve("tiny", { toString: "1" })).toThrow("Expected a setting of the study");
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
