import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { stream, tensor, zeros } from "#base";
import * as engine from "#engine";

/** Trains two layers on 8,000 of MNIST's test pictures; returns the share of the other 2,000 that they read correctly. */
export async function learnDigits(folder: string): Promise<number> {
  const read = (name: string, skip: number) => gunzipSync(readFileSync(`${folder}/${name}.gz`)).subarray(skip);
  const pictures = Float32Array.from(read("t10k-images-idx3-ubyte", 16), (pixel) => pixel / 255);
  const labels = BigInt64Array.from(Array.from(read("t10k-labels-idx1-ubyte", 8), BigInt));
  const batchOf = (from: number, rows: number) => ({
    x: tensor([rows, 784], pictures.subarray(784 * from, 784 * (from + rows))),
    y: tensor([rows], labels.subarray(from, from + rows), "int64"),
  });

  const random = stream(0, "digits");
  const layer = (rows: number, columns: number) => {
    const weight = Array.from({ length: rows * columns }, () => random.normal() * Math.sqrt(2 / rows));
    return { weight: tensor([rows, columns], weight), bias: zeros([columns]) };
  };
  const weights = { hidden: layer(784, 128), output: layer(128, 10) };

  const batch = { x: engine.tensorType("float32", ["B", 784]), y: engine.tensorType("int64", ["B"]) };
  const signature = { weights: engine.typesOf(weights), ...batch };
  const model = ({ weights, x, y }: engine.ValuesOf<typeof signature>) => {
    const logits = engine.affine(engine.relu(engine.affine(x, weights.hidden)), weights.output);
    return { loss: engine.crossEntropy(logits, y), accuracy: logits.argMax().equal(y).cast("float32").mean() };
  };
  const program = await engine.compile(engine.valueAndGrad(model, { wrt: "weights" }), signature);
  const optimizer = await engine.compileOptimizer(engine.adamW(), weights);
  const state = optimizer.start();
  for (let step = 0; step < 800; step++) {
    const { gradient } = await program.run({ weights, ...batchOf(random.int(8000 - 63), 64) }, { outputs: "reuse" });
    await optimizer.step({ weights, gradients: gradient, state }, { learningRate: 2e-3 * (1 - step / 800) });
  }
  const { value } = await program.run({ weights, ...batchOf(8000, 2000) });
  return Number(value.accuracy.data[0]);
}
