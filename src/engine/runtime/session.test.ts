import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { tensor, zeros } from "#base";
import { tensorType, type ValuesOf } from "../graph/tree.ts";
import { createSession, listProviders } from "./node.ts";
import { compile } from "./session.ts";

const signature = { x: tensorType("float32", ["N", 2]), weights: { w: tensorType("float32", [2, 2]) } };
const product = ({ x, weights }: ValuesOf<typeof signature>) => ({ y: x.matmul(weights.w), total: x.sum() });

const inputs = { x: tensor([1, 2], [1, 2]), weights: { w: tensor([2, 2], [1, 0, 0, 1]) } };

test("compile() shares one program between equal graphs, and tells it by its hash", async () => {
  const first = await compile(product, signature);
  const second = await compile(product, signature);
  const other = await compile(product, signature, { threads: 1 });

  expect(second.identity).toEqual(first.identity);
  expect(other.identity.hash).not.toBe(first.identity.hash);
  expect(other.identity.threads).toBe(1);
});

test("compile() reports provider, runtime and optimisation level", async () => {
  const { identity } = await compile(product, signature);

  expect(identity).toMatchObject({ provider: "cpu", graphOptimization: "all" });
  expect(identity.runtime).toMatch(/^\d+\.\d+\.\d+/);
  expect(listProviders()).toContain("cpu");
});

test("compile() takes frozen weights into the program, which then asks for the rest alone", async () => {
  const program = await compile(product, signature, { freeze: { weights: inputs.weights } });

  const { y } = await program.run({ x: inputs.x });

  expect([...y.data]).toEqual([1, 2]);
});

test("release() frees a program that shares no session, once its runs are done, and leaves a shared one", async () => {
  const own = await compile(product, signature, { shared: false });
  const common = await compile(product, signature);
  const running = own.run(inputs);

  await Promise.all([own.release(), common.release()]);

  expect([...(await running).y.data]).toEqual([1, 2]);
  expect([...(await common.run(inputs)).y.data]).toEqual([1, 2]);
  await expect(own.run(inputs)).rejects.toThrow("got one that was released");
});

test("run() fills given tensors in place, and reuses its own when asked", async () => {
  const program = await compile(product, signature);
  const y = zeros([1, 2]);

  const found = await program.run(inputs, { into: { y } });
  const first = await program.run(inputs, { outputs: "reuse" });
  const second = await program.run(inputs, { outputs: "reuse" });

  expect(found.y).toBe(y);
  expect([...y.data]).toEqual([1, 2]);
  expect(second.y.data).toBe(first.y.data);
});

test("run() reuses what it gave last, and keeps nothing of other shapes", async () => {
  const program = await compile(product, signature);
  const reuse = { outputs: "reuse" } as const;
  const rows = (count: number) => ({ ...inputs, x: tensor([count, 2], new Float32Array(2 * count)) });

  const first = await program.run(rows(3), reuse);
  const other = await program.run(rows(2), reuse);
  const again = await program.run(rows(3), reuse);

  expect([first.y.shape, other.y.shape, again.y.shape]).toEqual([
    [3, 2],
    [2, 2],
    [3, 2],
  ]);
  expect(again.y.data).not.toBe(first.y.data);
  expect(again.total.data).toBe(first.total.data);
});

test("run() keeps nothing of what it gave", async () => {
  const program = await compile(product, signature);
  const given = new WeakRef((await program.run(inputs)).y.data);
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");

  for (let round = 0; round < 3; round++) {
    await program.run(inputs);
    collect();
  }

  expect(given.deref()).toBeUndefined();
});

test("run() may overwrite one of its inputs", async () => {
  const flat = { a: tensorType("float32", ["N"]), b: tensorType("float32", ["N"]) };
  const program = await compile(({ a, b }: ValuesOf<typeof flat>) => ({ a: a.mul(0.5).add(b) }), flat);
  const a = tensor([3], [2, 4, 6]);

  await program.run({ a, b: tensor([3], [1, 1, 1]) }, { into: { a } });

  expect([...a.data]).toEqual([2, 3, 4]);
});

test.each([
  ["an unknown input", { ...inputs, weights: { ...inputs.weights, v: inputs.x } }, /no tensor at "weights\.v"/],
  ["a missing input", { weights: inputs.weights }, /Expected float32 \[N, 2\] at "x", got nothing/],
  ["a wrong dtype", { ...inputs, x: tensor([1, 2], [1, 2], "int32") }, /at "x", got int32 \[1, 2\]; convert it first/],
  ["a wrong shape", { ...inputs, x: tensor([1, 3], [1, 2, 3]) }, /Expected \[N, 2\] at "x", got \[1, 3\]/],
])("run() names %s before ONNX Runtime sees it", async (_, given, message) => {
  const program = await compile(product, signature);

  await expect(program.run(given as never)).rejects.toThrowError(message);
});

test.each([
  ["of a wrong shape", { y: zeros([2, 2]) }, 'Expected a float32 [1, 2] tensor to write "y" into, got float32 [2, 2]'],
  ["that it does not have", { z: zeros([1, 2]) }, 'Expected an output to write into, got "z"'],
])("run() refuses to write into an output %s", async (_, into, message) => {
  const program = await compile(product, signature);

  await expect(program.run(inputs, { into: into as never })).rejects.toThrowError(message);
});

test("compile() refuses a provider that is not here and a number of threads that is none", async () => {
  const missing = (["coreml", "directml", "cuda", "webgpu"] as const).find((name) => !listProviders().includes(name));

  await expect(compile(product, signature, { threads: 0 })).rejects.toThrowError(/whole number of threads above zero/);
  await expect(compile(product, signature, { provider: missing! })).rejects.toThrowError(/Expected one of .*cpu/);
});

test("createSession() says in our words what ONNX Runtime refuses", async () => {
  const options = { threads: 1, provider: "cpu", graphOptimization: "all", spin: false } as const;

  const session = createSession(new Uint8Array([1, 2, 3]), options);

  await expect(session).rejects.toMatchObject({ code: "COMPILE_FAILED" });
  await expect(session).rejects.toThrowError(/^compile: ONNX Runtime refused the graph; /);
});
