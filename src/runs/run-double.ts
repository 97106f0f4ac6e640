import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Sample } from "#base";
import type { Manifest } from "./manifest.ts";

/** A manifest for tests; `over` replaces what a test cares about. */
export const demoManifest = (over: Partial<Manifest> = {}): Manifest => ({
  study: "demo",
  settings: { size: 1 },
  preset: "tiny",
  seed: 1,
  limit: null,
  data: "none",
  subjects: [{ name: "baseline:oracle", kind: "control", identity: "oracle" }],
  code: "0+test",
  ...over,
});

/** A sample without a question. */
export const demoSample = (id: string, over: Partial<Sample> = {}): Sample => ({
  id,
  group: "g",
  repeat: 0,
  truth: 1,
  question: { parts: [], sampling: {} },
  ...over,
});

/** What a subject said. */
export const demoAnswer: Answer = { text: "yes", finishReason: "stop", latencyMs: 3, raw: null };

/** An empty folder for a store. */
export const scratchHome = (): string => mkdtempSync(join(tmpdir(), "assay-runs-"));
