import { expect, test } from "vitest";
import { codeVersion, identityOf, type Manifest } from "./manifest.ts";
import { demoManifest } from "./run-double.ts";

test("identityOf() changes with everything that decides what a run measures", () => {
  const changes: Partial<Manifest>[] = [
    {},
    { study: "other" },
    { settings: { size: 2 } },
    { preset: "mini" },
    { seed: 2 },
    { limit: 5 },
    { data: "some" },
    { subjects: [] },
    { subjects: [{ name: "baseline:oracle", kind: "control", identity: "another" }] },
    { code: "0+changed" },
  ];

  expect(new Set(changes.map((over) => identityOf(demoManifest(over)))).size).toBe(changes.length);
});

test("identityOf() does not depend on the order in which a manifest was written", () => {
  const manifest = demoManifest();
  const reversed = Object.fromEntries(Object.entries(manifest).reverse()) as unknown as Manifest;

  expect(identityOf(reversed)).toBe(identityOf(manifest));
});

test("codeVersion() is the package's version and a hash of its code, the same each time", () => {
  expect(codeVersion()).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/);
  expect(codeVersion()).toBe(codeVersion());
});
