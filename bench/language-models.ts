/**
 * Language models against transformers on PyTorch (CPU), where ASSAY_PYTHON names a Python that has both, and decoding
 * against transformers.js on our ONNX export, where ASSAY_TRANSFORMERS_JS names a folder of `@huggingface/transformers`.
 * They take turns; what counts is the median of the rounds' ratios.
 *
 * Run   node --conditions=assay-source bench/language-models.ts [score] [prefill] [decode] [train] [load] [--rounds N] [--cpu]
 *
 * `--cpu` counts seconds of the processor instead, which other work disturbs least; run it under `taskset -c 0`, so that
 * everyone has one thread.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median, stream } from "#base";
import { adamW, compile, compileOptimizer, globalNorm, type Value, type ValuesOf, valueAndGrad } from "#engine";
import { nextTokenBatch, nextTokenLoss, nextTokenTypes } from "#methods/finetuning";
import { type DecoderWeights, exportModel, generate, type LanguageModel, loadModel, score } from "#models";
import { llamaFolder } from "./models/llama-folder.ts";
import { type PeerProcess, startPeer } from "./peers/process.ts";
import { type Contender, here, type Standing, takeTurns } from "./peers/rounds.ts";

const { values: flags, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, cpu: { type: "boolean", default: false } },
  allowPositionals: true,
});
const rounds = Number(flags.rounds);
const threads = availableParallelism();
const place = join(tmpdir(), "assay-bench-llama");
const python = process.env.ASSAY_PYTHON;
const library = process.env.ASSAY_TRANSFORMERS_JS;
const script = join(import.meta.dirname, "peers/language-models.py");

const folder = llamaFolder(place);
const model = await loadModel(folder);
const torch = python === undefined ? undefined : await startPeer(python, [script, String(threads), folder]);
const random = stream(0, "bench/language-models");
const draw = (count: number): number[] => Array.from({ length: count }, () => 3 + random.int(8000));

/** A job of a peer as a contender, or none. */
const inPeer = (peer: PeerProcess | undefined, name: string, job: Readonly<Record<string, unknown>>): Contender[] =>
  peer === undefined ? [] : [{ name, seconds: () => peer.seconds({ ...job, cpu: flags.cpu }) }];

const engine = (work: () => Promise<unknown>, name = "engine"): Contender =>
  here(name, work, { meter: flags.cpu ? "cpu" : "clock" });

async function scoring(): Promise<void> {
  const ids = draw(128);
  const text = { promptIds: ids.slice(0, 1), continuationIds: ids.slice(1) };
  const standings = await takeTurns(
    [engine(() => score(model, [text])), ...inPeer(torch, "PyTorch", { kind: "score", ids })],
    rounds,
  );
  print("log-probabilities of 128 tokens", standings, 128);
}

async function prefill(): Promise<void> {
  const ids = draw(512);
  const standings = await takeTurns(
    [
      engine(() => generate(model, [ids], { maxTokens: 1, ignoreEnd: true })),
      ...inPeer(torch, "PyTorch", { kind: "prefill", ids }),
    ],
    rounds,
  );
  print("prefill of 512 tokens", standings, 512);
}

async function decode(): Promise<void> {
  const [ids, tokens] = [draw(64), 64];
  const elsewhere = library === undefined ? undefined : await startTransformersJs(library);
  const standings = await takeTurns(
    [
      engine(() => generate(model, [ids], { maxTokens: tokens, ignoreEnd: true })),
      engine(() => generate(model, [ids], { maxTokens: tokens, ignoreEnd: true, freeze: false }), "engine, not frozen"),
      ...inPeer(torch, "PyTorch", { kind: "decode", ids, tokens }),
      ...inPeer(elsewhere, "transformers.js", { ids, tokens }),
    ],
    rounds,
  );
  elsewhere?.end();
  print("64 tokens after 64, one after another", standings, tokens);
}

/** Our export in the layout that transformers.js looks for. */
function startTransformersJs(installation: string): Promise<PeerProcess> {
  const target = join(place, "exported");
  mkdirSync(join(target, "onnx"), { recursive: true });
  exportModel(model, join(target, "onnx/model.onnx"));
  writeFileSync(join(target, "config.json"), readFileSync(join(folder, "config.json")));
  const peer = join(import.meta.dirname, "peers/transformers-js.ts");
  return startPeer(process.execPath, [peer, installation, target, String(threads)]);
}

async function train(): Promise<void> {
  const rows = [0, 1, 2, 3].map(() => draw(257));
  const learner = await loadModel(folder);
  const standings = await takeTurns(
    [
      engine(await trainStep(learner, rows)),
      ...inPeer(torch, "PyTorch", { kind: "train", rows }),
      ...inPeer(torch, "PyTorch, fused AdamW", { kind: "train", rows, fused: true }),
    ],
    rounds,
  );
  print("training step of 4 × 256 tokens, all weights, AdamW", standings, 1024);
}

async function trainStep(learner: LanguageModel, rows: readonly number[][]): Promise<() => Promise<unknown>> {
  const signature = { weights: learner.plan, batch: nextTokenTypes };
  const loss = ({ weights, batch }: { weights: DecoderWeights; batch: ValuesOf<typeof nextTokenTypes> }): Value =>
    nextTokenLoss(learner, weights, batch);
  const program = await compile(valueAndGrad(loss, { wrt: "weights" }) as never, signature);
  const optimizer = await compileOptimizer(adamW(), learner.weights);
  const state = optimizer.start();
  const batch = nextTokenBatch(rows.map((ids) => [{ ids, counts: ids.map((_, at) => at > 0) }]));
  return async () => {
    const given = { weights: learner.weights, batch } as never;
    const { gradient } = (await program.run(given, { outputs: "reuse" })) as { readonly gradient: never };
    await globalNorm(gradient);
    await optimizer.step({ weights: learner.weights as never, gradients: gradient, state }, { learningRate: 1e-5 });
  };
}

interface Loaded {
  readonly seconds: number;
  readonly bytes: number;
}

/** In processes of their own, in turns. */
async function load(): Promise<void> {
  const large = llamaFolder(join(tmpdir(), "assay-bench-llama-large"), 24);
  const size = statSync(join(large, "model.safetensors")).size;
  const ours = ["--conditions=assay-source", join(import.meta.dirname, "peers/load-model.ts"), large];
  const run = (command: string, args: string[]): Loaded =>
    JSON.parse(execFileSync(command, args, { encoding: "utf8" }));
  const [own, peer]: [Loaded[], Loaded[]] = [[], []];
  for (let round = 0; round < Math.min(rounds, 5); round++) {
    own.push(run(process.execPath, ours));
    if (python !== undefined) peer.push(run(python, [script, String(threads), large, "load"]));
  }
  console.log(`\nloading ${(size / 1e6).toFixed(0)} MB of float32`);
  for (const [name, found] of Object.entries({ engine: own, PyTorch: peer })) {
    if (found.length === 0) continue;
    const [seconds, bytes] = [median(found.map((one) => one.seconds)), median(found.map((one) => one.bytes))];
    console.log(`  ${name.padEnd(24)} ${seconds.toFixed(2)} s, memory grew by ${(bytes / size).toFixed(2)} × the file`);
  }
}

function print(title: string, standings: readonly Standing[], tokens: number): void {
  console.log(`\n${title}`);
  for (const { name, seconds, ratio } of standings) {
    const rate = `${(tokens / seconds).toFixed(1)} tokens/s`;
    const speed = `${(1 / ratio).toFixed(2)} × its speed`;
    console.log(
      `  ${name.padEnd(24)} ${(seconds * 1000).toFixed(0).padStart(6)} ms  ${rate.padStart(16)}  engine at ${speed}`,
    );
  }
}

const benchmarks = { score: scoring, prefill, decode, train, load };
const showLoad = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
console.log(`${threads} threads, load ${showLoad()}, ${JSON.stringify(torch?.hello ?? {})}`);
const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
for (const name of names) await benchmarks[name as keyof typeof benchmarks]();
console.log(`\nload ${showLoad()}`);
torch?.end();
