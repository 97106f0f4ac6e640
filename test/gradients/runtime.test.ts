/** Where ONNX Runtime has corners: see docs/decisions/2026-11-25-around-onnx-runtime.md. */
import { expect, test } from "vitest";
import { tensor, zeros } from "#base";
import { compile, embed, pad, split, tensorType, type Value, valueAndGrad } from "#engine";

test("embed() loses no gradient where several threads meet at one row", async () => {
  const [rows, width, threads] = [1024, 256, 2];
  const loss = ({ ids, table }: { ids: Value; table: Value }) => embed(ids, table).sum();
  const types = { ids: tensorType("int64", [rows]), table: tensorType("float32", [8, width]) };
  const program = await compile(valueAndGrad(loss, { wrt: "table" }), types, { threads });
  const ids = tensor(
    [rows],
    Array.from({ length: rows }, (_, at) => at % 2),
    "int64",
  );

  for (let round = 0; round < 20; round++) {
    const { gradient } = await program.run({ ids, table: zeros([8, width]) });

    expect([gradient.data[0], gradient.data[width], gradient.data[2 * width]]).toEqual([512, 512, 0]);
    expect(gradient.data.slice(0, 2 * width).every((value) => value === 512)).toBe(true);
  }
});

test("pad() pads its own axis between transpositions", async () => {
  const build = ({ x }: { x: Value }) => ({
    y: pad(x.transpose([2, 0, 1]), { axis: 1, before: 1 })
      .transpose([1, 2, 0])
      .exp(),
  });
  const program = await compile(build, { x: tensorType("float32", [1, 2, 3]) });

  const { y } = await program.run({ x: zeros([1, 2, 3]) });

  expect(y.shape).toEqual([2, 2, 3]);
});

test("split() gives one part without the others", async () => {
  const build = ({ x }: { x: Value }) => ({ y: split(x, { axis: 0, lengths: [1, 2, 1] })[1]! });
  const program = await compile(build, { x: tensorType("float32", [4]) });

  const { y } = await program.run({ x: tensor([4], [1, 2, 3, 4]) });

  expect([...y.data]).toEqual([2, 3]);
});
