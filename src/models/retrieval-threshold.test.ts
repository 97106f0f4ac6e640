import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isDualEncoderType, openDualEncoderFolder } from "./load-dual-encoder.ts";
import { readThreshold, writeThreshold } from "./retrieval-threshold.ts";

const home = mkdtempSync(join(tmpdir(), "assay-threshold-"));
afterAll(() => rmSync(home, { recursive: true }));

test("readThreshold() reads what writeThreshold() wrote, and nothing where nobody did", () => {
  const before = readThreshold(home);

  writeThreshold(home, 0.43);

  expect([before, readThreshold(home)]).toEqual([undefined, 0.43]);
  writeFileSync(join(home, "retrieval.json"), '{"threshold": "high"}');
  expect(() => readThreshold(home)).toThrow('Expected a cosine from -1 to 1 for "threshold"');
});

test("openDualEncoderFolder() refuses what embeds no texts", () => {
  const vit = join(import.meta.dirname, "../../test/golden/models/vit");

  expect(() => openDualEncoderFolder(vit)).toThrow('Expected "clip" for model_type');
  expect([isDualEncoderType("clip"), isDualEncoderType("vit")]).toEqual([true, false]);
});
