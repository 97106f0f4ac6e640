/** The two products of matrices that take a fit's time, as programs of the engine. */
import { compile, type Program, tensorType, type Value } from "#engine";

/** Products over a batch of feature rows. T patches · P features · K concepts */
export interface BatchProducts {
  /** F W. Shapes   features [T, P] · map [P, K] → [T, K]; overwritten by the next call */
  densities(features: Float64Array, map: Float64Array, count: number): Promise<Float64Array>;
  /** Rᵀ F. Shapes   shares [T, K] · features [T, P] → [K, P]; overwritten by the next call */
  moments(shares: Float64Array, features: Float64Array, count: number): Promise<Float64Array>;
}

const matrix = (rows: string, columns: string) => tensorType("float64", [rows, columns]);
type Product = Program<Record<string, ReturnType<typeof matrix>>, { readonly x: Value }>;

let programs: Promise<readonly [Product, Product]> | undefined;

/** Compiles both products once for the process, for any sizes. Threads that spin between two products would take a core from the loops. */
export async function batchProducts(concepts: number, features: number): Promise<BatchProducts> {
  programs ??= Promise.all([
    compile(({ f, w }) => ({ x: f.matmul(w) }), { f: matrix("T", "P"), w: matrix("P", "K") }, { spin: false }),
    compile(
      ({ r, f }) => ({ x: r.swapAxes(0, 1).matmul(f) }),
      { r: matrix("T", "K"), f: matrix("T", "P") },
      { spin: false },
    ),
  ]) as unknown as Promise<readonly [Product, Product]>;
  const [forward, backward] = await programs;
  const rows = (data: Float64Array, count: number, width: number) =>
    ({ dtype: "float64", shape: [count, width], data: data.subarray(0, count * width) }) as const;
  return {
    async densities(f, w, count) {
      const map = { dtype: "float64", shape: [features, concepts], data: w } as const;
      const { x } = await forward.run({ f: rows(f, count, features), w: map } as never, { outputs: "reuse" });
      return x.data as Float64Array;
    },
    async moments(r, f, count) {
      const inputs = { r: rows(r, count, concepts), f: rows(f, count, features) };
      const { x } = await backward.run(inputs as never, { outputs: "reuse" });
      return x.data as Float64Array;
    },
  };
}
