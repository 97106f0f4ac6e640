/** Decoding in transformers.js on our ONNX export: `node transformers-js.ts PACKAGE FOLDER THREADS`; answers as PeerProcess expects. */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [place, folder, threads] = process.argv.slice(2) as [string, string, string];
const library = await import(pathToFileURL(`${place}/dist/transformers.node.mjs`).href);
library.env.allowRemoteModels = false;
library.env.localModelPath = "";
const model = await library.AutoModelForCausalLM.from_pretrained(folder, {
  dtype: "fp32",
  device: "cpu",
  local_files_only: true,
  session_options: { intraOpNumThreads: Number(threads), interOpNumThreads: 1 },
});
console.log(JSON.stringify({ "transformers.js": library.env.version }));
for await (const line of createInterface(process.stdin)) {
  const { ids, tokens, cpu } = JSON.parse(line);
  const row = (values: number[]) => new library.Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  const [began, used] = [performance.now(), process.cpuUsage()];
  await model.generate({
    input_ids: row(ids),
    attention_mask: row(ids.map(() => 1)),
    min_new_tokens: tokens,
    max_new_tokens: tokens,
    do_sample: false,
  });
  const { user, system } = process.cpuUsage(used);
  console.log(JSON.stringify({ seconds: cpu ? (user + system) / 1e6 : (performance.now() - began) / 1000 }));
}
