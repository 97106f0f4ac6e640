/**
 * What the harness itself costs: 210,000 samples (the paper's whole MMNeedle) asked of an instant subject in this
 * process, each scored and committed (WAL, NORMAL) before its slot is used again; then `assay show` on that run.
 *
 * Run   node --conditions=assay-source bench/harness.ts [samples]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stream } from "../src/base/index.ts";
import { askAll, controlSubject } from "../src/evals/index.ts";
import { createRun, Store } from "../src/runs/index.ts";

const total = Number(process.argv[2] ?? 210_000);
const home = mkdtempSync(join(tmpdir(), "assay-bench-"));
const store = new Store(home);
const run = createRun(store, {
  ...{ study: "mmneedle", settings: {}, preset: "paper", seed: 0, limit: null, data: "none", code: "bench" },
  subjects: [{ name: "baseline:random", kind: "control", identity: "random" }],
});

function* samples() {
  const random = stream(0, "bench");
  for (let at = 0; at < total; at++) {
    const truth = `${1 + random.int(10)}, ${1 + random.int(8)}, ${1 + random.int(8)}`;
    const parts = [{ type: "text", text: `Caption: ${at}` } as const];
    const controls = { random: () => `${1 + random.int(10)}, ${1 + random.int(8)}, ${1 + random.int(8)}` };
    yield {
      id: `M10-N8-K1/${at}`,
      group: `g${at % 42}`,
      repeat: 0,
      truth,
      question: { parts, sampling: {}, controls },
    };
  }
}

let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
const began = performance.now();
await askAll({
  subject: controlSubject("random"),
  samples: samples(),
  score: (answer, truth) => ({ exact: Number(answer === truth), existence: 1 }),
  answers: run,
});
const seconds = (performance.now() - began) / 1000;
clearInterval(watch);
const hashed = performance.now();
run.finish([]);
const finishSeconds = (performance.now() - hashed) / 1000;
store.close();

const showBegan = performance.now();
const assay = fileURLToPath(new URL("../bin/assay.js", import.meta.url));
execFileSync(process.execPath, [assay, "show", run.id], { env: { ...process.env, ASSAY_HOME: home }, stdio: "ignore" });
const showSeconds = (performance.now() - showBegan) / 1000;

console.log(`${total} samples in ${seconds.toFixed(1)} s: ${Math.round(total / seconds)} samples/s`);
console.log(
  `peak RSS ${Math.round(peak / 2 ** 20)} MiB, store ${Math.round(statSync(join(home, "store.sqlite")).size / 2 ** 20)} MiB`,
);
console.log(`result hash and end of run ${finishSeconds.toFixed(2)} s, assay show ${showSeconds.toFixed(2)} s`);
rmSync(home, { recursive: true });
