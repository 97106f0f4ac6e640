/**
 * Makes folders shaped like Llama-2-7B and OLMo-7B without taking disk for their weights, and does to them what a study
 * does to the real ones: load, trace a prompt block by block, project one layer's value vectors on the vocabulary, and
 * one gradient by an added vector. Prints what was predicted beforehand, what it took, and the largest memory.
 *
 *     node --conditions=assay-source scripts/rehearse-7b.ts [llama|olmo] [tokens] [blocks]
 */
import { rmSync, statSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { type Tensor, zeros } from "#base";
import { compile, tensorType, topK, type Value } from "#engine";
import { editGradient, loadModel, openModelFolder, preflight, trace } from "#models";
import { sparseFolder } from "./sparse-folder.ts";

const [name = "llama", tokens = "16", blocks = "32"] = process.argv.slice(2);
const layers = Number(blocks);
const middle = Math.floor(layers / 2);
const ids = Array.from({ length: Number(tokens) }, (_, at) => 1 + at * 7);

const peakGigabytes = (): string => `${((process.resourceUsage().maxRSS * 1024) / 1e9).toFixed(2)} GB peak`;

async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await act();
  const { user, system } = process.cpuUsage(used);
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  console.log(`${what}: ${seconds} (${((user + system) / 1e6).toFixed(1)} s of the processor), ${peakGigabytes()}`);
  return result;
}

/** The ten tokens that each value vector of a layer favours, a thousand vectors at a time. */
async function project(down: Tensor, unembedding: Tensor): Promise<number> {
  const [vectors, channels] = down.shape as [number, number];
  const signature = { rows: tensorType("float32", ["N", channels]), table: tensorType("float32", unembedding.shape) };
  const program = await compile(
    ({ rows, table }: { rows: Value; table: Value }) => topK(rows.matmul(table.swapAxes(0, 1)), { count: 10 }),
    signature,
  );
  const rowsAtOnce = 1024;
  for (let from = 0; from < vectors; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, vectors - from);
    const data = (down.data as Float32Array).subarray(from * channels, (from + count) * channels);
    const rows: Tensor = { dtype: "float32", shape: [count, channels], data };
    await program.run({ rows, table: unembedding });
  }
  return vectors;
}

/** So little that blocks are read one by one, however many there are. */
const memory = Math.min(8e9, layers * 4e8);
const showLoad = () => console.log(`load ${loadavg()[0]!.toFixed(1)}`);
showLoad();
const folder = sparseFolder(name, layers);
console.log(`disk taken: ${statSync(join(folder, "model.safetensors")).blocks * 512} bytes`);
try {
  const opened = openModelFolder(folder);
  const predicted = await timed("predict", () => preflight(opened, { tokens: ids.length, memory }));
  opened.checkpoint.close();
  console.log(
    `predicted: load ${predicted.loadSeconds.toFixed(1)} s, pass ${predicted.passSeconds.toFixed(1)} s, ` +
      `${(predicted.memoryBytes / 1e9).toFixed(2)} GB, from ${JSON.stringify(predicted.measured)}`,
  );
  using model = await timed("load", () => loadModel(folder, { memory }));
  await timed(`trace ${ids.length} tokens`, () => trace(model, { ids, taps: ["logits", `blocks.${middle}.residual`] }));
  await timed("project one layer's value vectors", async () => {
    const { mlp } = model.source.block(middle) as { mlp: { down: { weight: Tensor } } };
    return project(mlp.down.weight, model.source.outer.unembedding!);
  });
  const edit = { tap: `blocks.${middle}.mlp.output`, positions: [3], add: zeros([4096]) };
  const text = { promptIds: ids.slice(0, -1), continuationIds: ids.slice(-1) };
  await timed("gradient by an added vector", () => editGradient(model, { text, edit }));
  showLoad();
} finally {
  rmSync(folder, { recursive: true });
}
