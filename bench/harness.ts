/**
 * What the harness itself costs: 210,000 samples (the paper's whole MMNeedle) asked of an instant subject in this
 * process, each scored and committed (WAL, NORMAL) before its slot is used again; then `assay show` on that run.
 *
 * Run   node --conditions=assay-source bench/harness.ts [samples]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stream } from "#base";
import { askAll, controlSubject } from "#evals";
import { createRun, Store } from "#runs";

const total = Number(process.argv[2] ?? 210_000);
const load = loadavg()[0]!.toFixed(2);
const home = mkdtempSync(join(tmpdir(), "assay-bench-"));
const store = new Store(home);
const run = createRun(store, {
  study: "mmneedle",
  settings: {},
  preset: "paper",
  seed: 0,
  limit: null,
  data: "none",
  code: "bench",
  subjects: [{ name: "baseline:random", kind: "control", identity: "random" }],
});

function* samples() {
  const random = stream(0, "bench");
  const cell = () => `${1 + random.int(10)}, ${1 + random.int(8)}, ${1 + random.int(8)}`;
  for (let at = 0; at < total; at++) {
    const parts = [{ type: "text", text: `Caption: ${at}` } as const];
    const question = { parts, sampling: {}, controls: { random: cell } };
    yield { id: `M10-N8-K1/${at}`, group: `g${at % 42}`, repeat: 0, truth: cell(), question };
  }
}

/** Memory over time: it must not grow with the run. */
const memory: number[] = [];
const watch = setInterval(() => memory.push(process.memoryUsage.rss()), 100);
const seconds = await timed(() =>
  askAll({
    subject: controlSubject("random"),
    samples: samples(),
    score: (answer, truth) => ({ exact: Number(answer === truth), existence: 1 }),
    answers: run,
  }),
);
clearInterval(watch);
const finishSeconds = await timed(() => run.finish([]));
store.close();
const assay = fileURLToPath(new URL("../bin/assay.js", import.meta.url));
const showSeconds = await timed(() =>
  execFileSync(process.execPath, [assay, "show", run.id], {
    env: { ...process.env, ASSAY_HOME: home },
    stdio: "ignore",
  }),
);
print();
rmSync(home, { recursive: true });

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function print(): void {
  const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const quarter = (at: number): number => mib(memory[Math.floor((at / 4) * (memory.length - 1))]!);
  const { node, sqlite } = process.versions;
  console.log(`Node ${node}, SQLite ${sqlite}, ${availableParallelism()} cores, load ${load} at the start`);
  console.log(`${total} samples in ${seconds.toFixed(1)} s: ${Math.round(total / seconds)} samples/s`);
  console.log(`RSS at each quarter ${[1, 2, 3, 4].map(quarter).join(", ")} MiB, peak ${mib(Math.max(...memory))} MiB`);
  console.log(`store ${mib(statSync(join(home, "store.sqlite")).size)} MiB`);
  console.log(`result hash and end of run ${finishSeconds.toFixed(2)} s, assay show ${showSeconds.toFixed(2)} s`);
}
