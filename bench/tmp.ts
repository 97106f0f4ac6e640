import { stream } from "#base"; import { compile, valueAndGrad } from "#engine";
import { gptBatch, gptLoss, gptTypes, gptWeights, randomBatch } from "./models/gpt.ts";
import { readdirSync, readFileSync } from "node:fs";
const size = { layers: 6, width: 512, vocabulary: 8192, batch: 4, tokens: 256 };
const weights = gptWeights(size), batch = randomBatch(stream(0, "b"), size);
const p = await compile(valueAndGrad(({ weights, inputIds, targets }: any) => ({ loss: gptLoss(inputIds, targets, weights) }), { wrt: "weights" }), { weights: gptTypes(size), ...gptBatch(size.batch, size.tokens) }, { profilePrefix: "/tmp/prof-e2" });
for (let i = 0; i < 6; i++) { const s = performance.now(); await p.run({ weights, ...batch } as any, { outputs: "reuse" }); console.log((performance.now() - s).toFixed(0)); }
p.endProfile();
const file = readdirSync("/tmp").filter((n) => n.startsWith("prof-e2")).sort().at(-1)!;
const events = JSON.parse(readFileSync("/tmp/" + file, "utf8"));
const by = new Map<string, [number, number]>(), one = new Map<string, number>();
for (const e of events) { if (e.cat !== "Node" || !e.name.endsWith("_kernel_time")) continue; const k = e.args.op_name; const c = by.get(k) ?? [0, 0]; by.set(k, [c[0] + e.dur, c[1] + 1]); const shape = JSON.stringify((e.args.input_type_shape ?? []).map((t: any) => Object.values(t)[0])); const kk = k + " " + shape; one.set(kk, (one.get(kk) ?? 0) + e.dur); }
const total = [...by.values()].reduce((s, [t]) => s + t, 0);
for (const [k, [t, n]] of [...by].sort((a, b) => b[1][0] - a[1][0]).slice(0, 16)) console.log(k.padEnd(30), (t / 6000).toFixed(1), "ms/run", ((100 * t) / total).toFixed(1) + "%", n / 6);
for (const [k, t] of [...one].sort((a, b) => b[1] - a[1]).slice(0, 22)) console.log((t / 6000).toFixed(1), k);
