import { expect, test } from "vitest";
import { tensor } from "#base";
import { cacheTaps, KeyValueCache } from "./key-value-cache.ts";
import { llamaTiny } from "./llama/index.ts";

const config = { ...llamaTiny, layers: 1, keyValueHeads: 1, headSize: 2, contextLength: 64 };
const taps = cacheTaps(config);

/** What a pass computed: token t of text b has the numbers 100 b + t and its opposite. */
function passed(batch: number, tokens: number, from = 0) {
  const data = Array.from({ length: batch }, (_, row) =>
    Array.from({ length: tokens }, (_unused, at) => [100 * row + from + at, -(100 * row + from + at)]),
  ).flat(2);
  return { taps: Object.fromEntries(taps.map((tap) => [tap, tensor([batch, 1, tokens, 2], data)])), finished: {} };
}

test("KeyValueCache keeps each text's tokens at their own places while it grows", () => {
  const cache = new KeyValueCache(config, { batch: 2, room: 16 });

  cache.append(passed(2, 12), [12, 5]);
  for (let step = 0; step < 20; step++) cache.append(passed(2, 1, 12 + step), [1, 1]);

  const { key } = cache.past.blocks[0]!;
  const room = key.shape[2]!;
  const row = (at: number) =>
    [...(key.data as Float32Array)].slice(at * room * 2, (at + 1) * room * 2).filter((_, i) => i % 2 === 0);
  expect(cache.lengths).toEqual([32, 25]);
  expect(room).toBe(32);
  expect(row(0)).toEqual(Array.from({ length: 32 }, (_, at) => at));
  expect(row(1).slice(0, 25)).toEqual(
    [...[0, 1, 2, 3, 4], ...Array.from({ length: 20 }, (_, at) => 12 + at)].map((at) => 100 + at),
  );
});

test("KeyValueCache takes memory in steps", () => {
  const cache = new KeyValueCache(config, { batch: 1, room: 1 });
  const before = cache.bytes;

  cache.append(passed(1, 17), [17]);

  expect(before).toBe(2 * 16 * 2 * 4);
  expect(cache.bytes).toBe(2 * 24 * 2 * 4);
});
