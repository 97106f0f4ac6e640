import { availableParallelism } from "node:os";
import { median, stream, tensor } from "#base";
import { tensorType } from "../graph/tree.ts";
import { type ExecutionProvider, listProviders, runtimeVersion } from "./node.ts";
import { compile } from "./session.ts";

/** What this machine computes with. */
export interface EngineReport {
  /** The version of ONNX Runtime. */
  readonly runtime: string;
  /** What this installation has; a provider other than `cpu` may still lack its driver. */
  readonly providers: readonly ExecutionProvider[];
  readonly threads: number;
  /** Of a square float32 product, in 10⁹ operations a second. */
  readonly gflops: number;
}

const rounds = 5;

/** Looks at the engine and measures it for a fraction of a second: the product of two matrices with `side` rows and columns. */
export async function measureEngine({ side = 1024 } = {}): Promise<EngineReport> {
  const matrix = tensorType("float32", [side, side]);
  const program = await compile(({ a, b }) => ({ product: a.matmul(b) }), { a: matrix, b: matrix });
  const random = stream(0, "measure-engine");
  const draw = () =>
    tensor(
      [side, side],
      Float32Array.from({ length: side * side }, () => random.next()),
    );
  const inputs = { a: draw(), b: draw() };
  const seconds: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    await program.run(inputs, { outputs: "reuse" });
    // The first round wakes the threads.
    if (round > 0) seconds.push((performance.now() - began) / 1000);
  }
  const gflops = (2 * side ** 3) / median(seconds) / 1e9;
  return { runtime: runtimeVersion, providers: listProviders(), threads: availableParallelism(), gflops };
}
