/**
 * The engine against jax-js and tfjs (Wasm), and against PyTorch where ASSAY_PYTHON names a Python that has it, at the
 * same work with the same number of threads. They take turns; what counts is the median of the rounds' ratios.
 *
 * Run   node --conditions=assay-source bench/engine.ts [matmul] [gpt] [adamw] [layers] [compile] [memory] [--rounds N] [--steps N] [--quick] [--cpu]
 *
 * Without names it runs all but `memory`, which trains a GPT of 23 million parameters for 500 steps. `--quick` leaves
 * out torch.compile and the slow Wasm peers. `--cpu` is for a machine that others load: one thread, seconds of the
 * processor instead of the clock.
 */
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { init, numpy as np } from "@jax-js/jax";
import { stream, type Tensor, zeros } from "#base";
import {
  adamW,
  compile,
  compileOptimizer,
  conv2d,
  layerNorm,
  tensorType,
  typesOf,
  type Value,
  valueAndGrad,
} from "#engine";
import { type GptSize, gptBatch, gptLoss, gptTypes, gptWeights, randomBatch } from "./models/gpt.ts";
import { trainForMemory } from "./models/memory.ts";
import { jaxGpt } from "./peers/gpt-jax.ts";
import { type Contender, type Meter, here as measured, type Standing, takeTurns } from "./peers/rounds.ts";
import { forced, startTensorflow } from "./peers/tensorflow.ts";
import { startTorch, type TorchPeer } from "./peers/torch.ts";

const { values: flags, positionals } = parseArgs({
  options: {
    steps: { type: "string", default: "500" },
    rounds: { type: "string", default: "7" },
    quick: { type: "boolean", default: false },
    cpu: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const rounds = Number(flags.rounds);
/** On a loaded machine: one thread, and the processor's seconds instead of the clock's. */
const meter: Meter = flags.cpu ? "cpu" : "clock";
const threads = flags.cpu ? 1 : availableParallelism();
const torch = await startTorch(threads);
const tf = await startTensorflow();
await init("wasm");

const uniform = (name: string, shape: readonly number[]): Tensor<"float32"> => {
  const [random, drawn] = [stream(0, `bench/engine/${name}`), zeros(shape)];
  for (let at = 0; at < drawn.data.length; at++) drawn.data[at] = random.next();
  return drawn;
};

const here: typeof measured = (name, work, options = {}) => measured(name, work, { ...options, meter });

/** A job in PyTorch as a contender, or none. */
function inTorch(peer: TorchPeer | null, name: string, job: Readonly<Record<string, unknown>>): Contender[] {
  if (peer === null) return [];
  return [{ name, seconds: () => peer.seconds({ meter, repeats: 1, name: `${name} ${JSON.stringify(job)}`, ...job }) }];
}

async function matmul(): Promise<void> {
  const side = 1024;
  const [a, b] = [uniform("a", [side, side]), uniform("b", [side, side])];
  const type = tensorType("float32", [side, side]);
  const free = await compile(({ a, b }) => ({ y: a.matmul(b) }), { a: type, b: type }, { threads });
  const frozen = await compile(({ a, b }) => ({ y: a.matmul(b) }), { a: type, b: type }, { freeze: { b }, threads });
  const [ta, tb] = [a, b].map(({ data }) => tf.tensor2d(data, [side, side])) as [
    ReturnType<typeof tf.tensor2d>,
    ReturnType<typeof tf.tensor2d>,
  ];
  const [ja, jb] = [a, b].map(({ data }) => np.array(data as Float32Array<ArrayBuffer>, { shape: [side, side] })) as [
    ReturnType<typeof np.array>,
    ReturnType<typeof np.array>,
  ];
  const repeats = 5;
  const standings = await takeTurns(
    [
      here("engine", () => free.run({ a, b }, { outputs: "reuse" }), { repeats }),
      here("engine, frozen b", () => frozen.run({ a }, { outputs: "reuse" }), { repeats }),
      ...inTorch(torch, "PyTorch", { kind: "matmul", side, repeats }),
      here("jax-js", () => np.matmul(ja.ref, jb.ref).data()),
      here(
        "tfjs",
        forced(() => tf.matMul(ta, tb)),
      ),
    ],
    rounds,
  );
  const gflops = ({ seconds }: Standing) => `${Math.round((2 * side ** 3) / seconds / 1e9)} GFLOP/s`;
  print("product of 1024 × 1024 float32 matrices", standings, gflops);
}

const gpts: readonly (GptSize & { readonly batch: number })[] = [
  { layers: 4, width: 256, vocabulary: 8192, batch: 8, tokens: 128 },
  { layers: 6, width: 512, vocabulary: 8192, batch: 4, tokens: 256 },
];

async function gpt(): Promise<void> {
  for (const size of gpts) {
    const weights = gptWeights(size);
    const batch = randomBatch(stream(0, "bench/engine/batch"), size);
    const program = await compileGpt(size);
    const step = here("engine", () => program.run({ weights, ...batch }, { outputs: "reuse" }));
    const job = { kind: "gpt", ...size };
    const compiled = flags.quick ? [] : inTorch(torch, "PyTorch, torch.compile", { ...job, compiled: true });
    const jax = flags.quick ? [] : [here("jax-js", jaxGpt(size, weights, batch), { rounds: 2 })];
    const standings = await takeTurns([step, ...inTorch(torch, "PyTorch", job), ...compiled, ...jax], rounds);
    print(
      `GPT ${size.layers} × ${size.width}, ${size.batch} × ${size.tokens} tokens, loss and all gradients`,
      standings,
    );
  }
}

const compileGpt = (size: GptSize & { readonly batch: number }) =>
  compile(
    valueAndGrad(({ weights, inputIds, targets }) => ({ loss: gptLoss(inputIds, targets, weights) }), {
      wrt: "weights",
    }),
    { weights: gptTypes(size), ...gptBatch(size.batch, size.tokens) },
    { threads },
  );

async function adamw(): Promise<void> {
  const weights = gptWeights(gpts[1]!);
  const shapes = leafShapes(weights);
  const gradients = gptWeights(gpts[1]!);
  const optimizer = await compileOptimizer(adamW(), weights, { threads });
  const state = optimizer.start();
  const step = here("engine", () => optimizer.step({ weights, gradients, state }, { learningRate: 1e-3 }));
  const standings = await takeTurns(
    [
      step,
      ...inTorch(torch, "PyTorch", { kind: "adamw", shapes }),
      ...inTorch(torch, "PyTorch, fused: true", { kind: "adamw", shapes, fused: true }),
    ],
    rounds,
  );
  const count = shapes.reduce((sum, shape) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
  print(`AdamW, ${(count / 1e6).toFixed(1)} million parameters`, standings);
}

function leafShapes(tree: unknown): (readonly number[])[] {
  if (typeof tree !== "object" || tree === null) return [];
  return "dtype" in tree ? [(tree as Tensor).shape] : Object.values(tree).flatMap(leafShapes);
}

async function layers(): Promise<void> {
  const x = uniform("conv x", [8, 64, 56, 56]);
  const kernel = { weight: uniform("conv w", [64, 64, 3, 3]), bias: uniform("conv b", [64]) };
  const convolved = (x: Value, { weight, bias }: { weight: Value; bias: Value }) =>
    conv2d(x, { weight, bias }, { padding: 1 });
  const [tx, tw] = [tf.tensor4d(x.data, [8, 56, 56, 64]), tf.tensor4d(kernel.weight.data, [3, 3, 64, 64])];
  await layer(
    "Conv 3 × 3, 64 to 64 channels, 8 × 56 × 56",
    { x, weights: kernel, apply: convolved },
    {
      job: { kind: "conv", x: x.shape, w: kernel.weight.shape },
      forward: here(
        "tfjs",
        forced(() => tf.conv2d(tx, tw, 1, "same")),
      ),
    },
  );
  const rows = uniform("norm x", [4096, 768]);
  const norm = { scale: uniform("norm scale", [768]), bias: uniform("norm bias", [768]) };
  const [tr, ts, tb] = [tf.tensor2d(rows.data, [4096, 768]), tf.tensor1d(norm.scale.data), tf.tensor1d(norm.bias.data)];
  const normalized = () =>
    tf.tidy(() => {
      const { mean, variance } = tf.moments(tr, 1, true);
      return tr
        .sub(mean)
        .mul(tf.rsqrt(variance.add(1e-5)))
        .mul(ts)
        .add(tb);
    });
  await layer(
    "LayerNorm, 4096 × 768",
    { x: rows, weights: norm, apply: (x, { scale, bias }) => layerNorm(x, { scale, bias }) },
    {
      job: { kind: "layerNorm", x: rows.shape },
      forward: here("tfjs", forced(normalized)),
    },
  );
}

interface LayerWork<Name extends string> {
  readonly x: Tensor<"float32">;
  readonly weights: Readonly<Record<Name, Tensor<"float32">>>;
  readonly apply: (x: Value, weights: Record<Name, Value>) => Value;
}

interface LayerPeers {
  readonly job: Readonly<Record<string, unknown>>;
  readonly forward: Contender;
}

async function layer<Name extends string>(what: string, work: LayerWork<Name>, peers: LayerPeers): Promise<void> {
  const { x, weights, apply } = work;
  const signature = { x: typesOf(x), weights: typesOf(weights) } as never;
  const forward = await compile(
    (inputs: { x: Value; weights: Record<Name, Value> }) => ({ y: apply(inputs.x, inputs.weights) }),
    signature,
    { threads },
  );
  const seed = uniform(`${what} seed`, ((await forward.run({ x, weights } as never)) as { y: Tensor }).y.shape);
  const both = await compile(
    valueAndGrad(
      (inputs: { x: Value; weights: Record<Name, Value>; seed: Value }) => ({
        loss: apply(inputs.x, inputs.weights).mul(inputs.seed).sum(),
      }),
      {
        wrt: ["x", "weights"],
      },
    ) as never,
    { x: typesOf(x), weights: typesOf(weights), seed: typesOf(seed) } as never,
    { threads },
  );
  const run = (program: typeof both, inputs: unknown) => () => program.run(inputs as never, { outputs: "reuse" });
  const ahead = here("engine", run(forward as never, { x, weights }));
  const there = inTorch(torch, "PyTorch", { ...peers.job, backward: false });
  print(`${what}, forward`, await takeTurns([ahead, ...there, peers.forward], rounds));
  const back = inTorch(torch, "PyTorch", { ...peers.job, backward: true });
  print(
    `${what}, forward and backward`,
    await takeTurns([here("engine", run(both, { x, weights, seed })), ...back], rounds),
  );
}

async function compileTime(): Promise<void> {
  const size = { layers: 12, width: 768, vocabulary: 50257, tokens: 128 };
  const times: number[] = [];
  for (let round = 0; round < Math.min(rounds, 5); round++) {
    // Another batch size each time: an equal graph would come from the cache.
    const work = here("compile", () => compileGpt({ ...size, batch: round + 1 }));
    times.push(await work.seconds());
  }
  const { size: nodes } = await compileGpt({ ...size, batch: 1 });
  const listed = times.map((time) => time.toFixed(2)).join(", ");
  process.stdout.write(
    `\n12-layer GPT with all gradients, ${nodes} ONNX nodes (${meter} time)\n  compiled in ${listed} s\n`,
  );
}

function print(what: string, standings: readonly Standing[], figure?: (standing: Standing) => string): void {
  const load = loadavg()[0]!.toFixed(1);
  process.stdout.write(`\n${what}  (${meter} time, load ${load})\n`);
  for (const standing of standings) {
    const { name, seconds, ratio, rounds } = standing;
    const ms = `${(1000 * seconds).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
    const cells = [
      name.padEnd(24),
      ms.padStart(10),
      `ratio ${ratio.toFixed(2)}`,
      `${rounds} rounds`,
      figure?.(standing) ?? "",
    ];
    process.stdout.write(`  ${cells.join("  ").trimEnd()}\n`);
  }
}

const sections = { matmul, gpt, adamw, layers, compile: compileTime };
process.stdout.write(
  `${threads} threads, PyTorch ${torch?.version ?? "absent (set ASSAY_PYTHON)"}, Node ${process.versions.node}\n`,
);
const wanted = positionals.length > 0 ? positionals : Object.keys(sections);
for (const [name, section] of Object.entries(sections)) if (wanted.includes(name)) await section();
if (wanted.includes("memory")) await trainForMemory(gpts[1]!, { steps: Number(flags.steps), threads });
torch?.end();
process.exit(0);
