import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { affine, checkpoint, compile, customVjp, tensorType, type Value, valueAndGrad } from "#engine";
import { expectClose } from "./closeness.ts";
import { normal, plainOf } from "./plain.ts";

const size = 6;
const signature = {
  x: tensorType("float32", [4, size]),
  layers: Array.from({ length: 3 }, () => ({
    weight: tensorType("float32", [size, size]),
    bias: tensorType("float32", [size]),
  })),
};
const inputs = {
  x: normal("checkpointed", [4, size]),
  layers: [0, 1, 2].map((at) => ({ weight: normal(`weight ${at}`, [size, size]), bias: normal(`bias ${at}`, [size]) })),
};

interface Layer {
  readonly weight: Value;
  readonly bias: Value;
}

interface Model {
  readonly x: Value;
  readonly layers: readonly Layer[];
}

const block = (x: Value, layer: Layer) => x.add(affine(affine(x, layer).sin(), { weight: layer.weight }));

/** Three blocks; `keep` decides whether a block is remembered. */
const model =
  (keep: (build: () => Value) => Value) =>
  ({ x, layers }: Model) =>
    layers
      .reduce((residual, layer) => keep(() => block(residual, layer)), x)
      .square()
      .mean();

/** How often ONNX Runtime computed each kind of node in one run, from its own profile. */
async function profiled(loss: (given: Model) => Value): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "assay-profile-"));
  const program = await compile(valueAndGrad(loss, { wrt: ["x", "layers"] }), signature, {
    profilePrefix: join(folder, "run"),
  });
  await program.run(inputs as never);
  program.endProfile();
  const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), "utf8")) as {
    cat: string;
    name: string;
    args: { op_name?: string };
  }[];
  rmSync(folder, { recursive: true });
  const counts = new Map<string, number>();
  for (const { cat, name, args } of events) {
    if (cat !== "Node" || !name.endsWith("_kernel_time")) continue;
    counts.set(args.op_name!, (counts.get(args.op_name!) ?? 0) + 1);
  }
  return counts;
}

test("checkpoint() changes no gradient", async () => {
  const plainly = await compile(
    valueAndGrad(
      model((build) => build()),
      { wrt: ["x", "layers"] },
    ),
    signature,
  );
  const sparing = await compile(valueAndGrad(model(checkpoint), { wrt: ["x", "layers"] }), signature);

  const [expected, actual] = [await plainly.run(inputs as never), await sparing.run(inputs as never)];

  expectClose(plainOf(actual.value), plainOf(expected.value), 1e-6);
  const leaves = ({ gradient }: { gradient: unknown }) =>
    JSON.parse(
      JSON.stringify(gradient, (_key, value) =>
        ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
      ),
    );
  const [got, want] = [leaves(actual), leaves(expected)];
  expectClose(plainOf(got.x), plainOf(want.x), 1e-6);
  for (const at of [0, 1, 2]) {
    expectClose(plainOf(got.layers[at].weight), plainOf(want.layers[at].weight), 1e-6);
    expectClose(plainOf(got.layers[at].bias), plainOf(want.layers[at].bias), 1e-6);
  }
});

test("checkpoint() makes ONNX Runtime compute a block again in the backward pass", async () => {
  const plainly = await profiled(model((build) => build()));

  const sparing = await profiled(model(checkpoint));

  expect(plainly.get("Sin")).toBe(3);
  expect(sparing.get("Sin")).toBe(6);
});

test("checkpoint() inside checkpoint() changes no gradient", async () => {
  const nested = (given: Model) => checkpoint(() => model(checkpoint)(given));
  const plainly = await compile(
    valueAndGrad(
      model((build) => build()),
      { wrt: "x" },
    ),
    signature,
  );
  const sparing = await compile(valueAndGrad(nested, { wrt: "x" }), signature);

  const [expected, actual] = [await plainly.run(inputs as never), await sparing.run(inputs as never)];

  expectClose(plainOf(actual.gradient as Tensor), plainOf(expected.gradient as Tensor), 1e-6);
});

test("checkpoint() counts a value that enters twice, once of them through another, as autodiff does", async () => {
  const loss =
    (keep: (build: () => Value) => Value) =>
    ({ w }: { w: Value }) => {
      const made = w.exp();
      return keep(() => made.mul(w).sin()).sum();
    };
  const type = { w: tensorType("float32", [5]) };
  const plainly = await compile(
    valueAndGrad(
      loss((build) => build()),
      { wrt: "w" },
    ),
    type,
  );
  const sparing = await compile(valueAndGrad(loss(checkpoint), { wrt: "w" }), type);
  const w = normal("entering twice", [5]);

  const [expected, actual] = [await plainly.run({ w }), await sparing.run({ w })];

  expectClose(plainOf(actual.gradient), plainOf(expected.gradient), 1e-6);
});

test("checkpoint() hands on integers and whatever else a block returns", async () => {
  const loss = ({ x }: { x: Value }) => {
    const { best, bent } = checkpoint(() => ({ best: x.argMax({ axis: 1 }), bent: x.sin(), unused: x.cos() }));
    return { loss: bent.sum(), best };
  };
  const program = await compile(valueAndGrad(loss, { wrt: "x" }), { x: tensorType("float32", [1, 3]) });

  const { value, gradient } = await program.run({ x: tensor([1, 3], [0, 2, 1]) });

  expect([...value.best.data]).toEqual([1n]);
  expect([...gradient.data]).toEqual([1, Math.fround(Math.cos(2)), Math.fround(Math.cos(1))]);
});

test("customVjp() replaces the derivative, and leaves out what flows nowhere", async () => {
  const reversed = customVjp(
    (x: Value, _scale: Value) => x.mul(1),
    (dy, { inputs: [, scale] }) => [dy.mul(scale!).neg(), null],
  );
  const loss = ({ x, scale }: { x: Value; scale: Value }) => reversed(x, scale).square().sum();
  const types = { x: tensorType("float32", [3]), scale: tensorType("float32", []) };
  const program = await compile(valueAndGrad(loss, { wrt: ["x", "scale"] }), types);

  const { gradient } = await program.run({ x: tensor([3], [1, 2, 3]), scale: tensor([], [10]) });

  expect([...gradient.x.data]).toEqual([-20, -40, -60]);
  expect([...gradient.scale.data]).toEqual([0]);
});

test("customVjp() refuses gradients of another shape", async () => {
  const wrong = customVjp(
    (x: Value) => x.sum(),
    (dy) => [dy],
  );

  const compiling = compile(
    valueAndGrad(({ x }: { x: Value }) => wrong(x), { wrt: "x" }),
    { x: tensorType("float32", [3]) },
  );

  await expect(compiling).rejects.toThrow(expect.objectContaining({ code: "GRADIENT_MISMATCH" }));
});
