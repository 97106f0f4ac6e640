import { expect, test } from "vitest";
import { AssayError, type DType, type Tensor, tensor } from "#base";
import { compile, typesOf } from "#engine";
import type { OperatorCase } from "./case.ts";
import { cases } from "./cases/index.ts";

/** The numbers of a case as whole ones, or as signs for bool. */
function as(dtype: DType, { shape, data }: Tensor<"float32">): Tensor {
  const whole = (value: number) => (Number.isFinite(value) ? Math.round(value * 3) : 1);
  return tensor(
    shape,
    Array.from(data, (value) => (dtype === "bool" ? Number(value > 0) : whole(value))),
    dtype,
  );
}

/** How it ended: "computed", or the code of the error. */
async function attempt(one: OperatorCase, dtype: DType): Promise<string> {
  const inputs = Object.entries(one.inputs).map(([name, given]) => [name, as(dtype, given)]);
  const given = { ...Object.fromEntries(inputs), ...one.fixed } as Record<string, Tensor>;
  try {
    const program = await compile((x: never) => ({ y: one.ours(x) }), typesOf(given) as never, { threads: 1 });
    await program.run(given as never);
    return "computed";
  } catch (error) {
    return error instanceof AssayError ? error.code : String(error);
  }
}

test.each(["int32", "int64", "bool"] as const)(
  "operators compute %s or refuse it while tracing, before ONNX Runtime sees it",
  async (dtype) => {
    const rows = cases.filter(({ inputs }) => Object.keys(inputs).length > 0);

    const ends = new Map<string, string>();
    for (const one of rows) ends.set(`${one.operator}, ${one.note}`, await attempt(one, dtype));

    const allowed = ["computed", "DTYPE_UNSUPPORTED", "DTYPE_MISMATCH"];
    expect([...ends].filter(([, end]) => !allowed.includes(end))).toEqual([]);
    expect([...ends.values()].filter((end) => end === "computed").length).toBeGreaterThan(10);
  },
);
