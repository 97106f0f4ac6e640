import { expect, test } from "vitest";
import { tensor } from "#base";
import { loadDualEncoder, openDualEncoderFolder } from "#models";
import { idsTensor } from "../../src/models/trace.ts";
import { fixture, readGolden, relativeDistance } from "./decoder-parity.ts";

interface ClipGolden {
  readonly parameters: number;
  readonly pixels: { readonly shape: number[]; readonly data: number[] };
  readonly inputIds: number[][];
  readonly taps: Record<string, { readonly shape: number[]; readonly data: number[] }>;
}

const goldenOf = (name: string) => readGolden(name) as unknown as ClipGolden;

test.each(["clip", "clip-legacy"])("%s matches the reference to 1e-5 at every tap", async (name) => {
  const golden = goldenOf(name);
  const model = await loadDualEncoder(fixture(name));
  const pixels = tensor(golden.pixels.shape, golden.pixels.data);

  const taps = await model.trace({ pixels, ids: idsTensor(golden.inputIds), taps: Object.keys(golden.taps) });

  for (const [tap, value] of Object.entries(golden.taps)) {
    expect(relativeDistance(taps[tap]!, value), tap).toBeLessThan(1e-5);
  }
});

test("clip has the reference's number of parameters, and nothing that is left over", () => {
  const opened = openDualEncoderFolder(fixture("clip"));

  opened.checkpoint.close();

  expect(opened.parameters).toBe(goldenOf("clip").parameters);
  expect([opened.unknownKeys, opened.spareTensors]).toEqual([[], []]);
});
