import { expect, test } from "vitest";
import { tensor } from "#base";
import { tensorType } from "../graph/tree.ts";
import { exportProgram } from "./export.ts";
import { createSession } from "./node.ts";

const options = { threads: 1, provider: "cpu", graphOptimization: "all", spin: false } as const;
const signature = { x: tensorType("float32", ["N", 2]), layer: { weight: tensorType("float32", [2, 3]) } };
const weight = tensor([2, 3], [1, 2, 3, 4, 5, 6]);

test("exportProgram() names inputs and outputs by their paths, and builds in what is frozen", async () => {
  const { bytes, inputs, outputs } = exportProgram(
    ({ x, layer }) => ({ product: { sum: x.matmul(layer.weight).add(1) } }),
    signature,
    { freeze: { layer: { weight } } },
  );

  const session = await createSession(bytes, options);
  const found = await session.run(new Map([["x", tensor([1, 2], [1, 1])]]), new Map([["product.sum", null]]));

  expect([inputs, outputs]).toEqual([["x"], ["product.sum"]]);
  expect(found.get("product.sum")!.data).toEqual(Float32Array.of(6, 8, 10));
  await session.release();
});

test("exportProgram() hands large tensors to the external file, and says where they begin", () => {
  const large = tensor([32, 32], new Float32Array(1024).fill(2));
  const pieces: Uint8Array[] = [];
  const append = (bytes: Uint8Array): number => {
    pieces.push(bytes);
    return pieces.slice(0, -1).reduce((sum, { length }) => sum + length, 0);
  };
  const types = { x: tensorType("float32", [1, 32]), weight: tensorType("float32", [32, 32]) };

  const inside = exportProgram(({ x, weight: w }) => ({ y: x.matmul(w) }), types, { freeze: { weight: large } });
  const outside = exportProgram(({ x, weight: w }) => ({ y: x.matmul(w) }), types, {
    freeze: { weight: large },
    external: { file: "weights.bin", append },
  });

  expect(pieces.map(({ length }) => length)).toEqual([4096]);
  expect(inside.bytes.length - outside.bytes.length).toBeGreaterThan(3900);
  expect(Buffer.from(outside.bytes).toString("latin1")).toContain("weights.bin");
});
