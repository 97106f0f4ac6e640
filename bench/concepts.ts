/**
 * A pass of PACE's mode B over embedded images against the same mode in vectorised numpy and against an iteration of
 * scikit-learn's GaussianMixture, in turns: `node --conditions=assay-source bench/concepts.ts [images]`.
 *
 * K = 100, d = 25, full covariances, 196 patches an image, 5,000 images; the embeddings are read from a file in every pass.
 * The clock counts, and beside it the processor's time, which stands on a busy machine. ASSAY_PYTHON names a Python with
 * numpy, scipy and scikit-learn (default python3).
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median, stream, tensor } from "#base";
import { writeNpy } from "#formats";
import { fitConcepts, openDump } from "#methods/concepts";

const [images, patches, d, concepts] = [Number(process.argv[2] ?? 5000), 196, 25, 100];
const rounds = 3;

interface Reply {
  readonly seconds: number;
  readonly cpu: number;
}

/** Each image has patches of four of a hundred Gaussians that overlap a little. */
function writeImages(folder: string): void {
  const random = stream(0, "bench/concepts");
  const means = Float64Array.from({ length: concepts * d }, () => 1.5 * random.normal());
  const embeddings = new Float32Array(images * patches * d);
  const attention = Float32Array.from({ length: images * patches }, () => random.next());
  for (let image = 0; image < images; image++) {
    const own = Array.from({ length: 4 }, () => random.int(concepts));
    for (let j = 0; j < patches; j++) {
      const [k, at] = [random.pick(own), (image * patches + j) * d];
      for (let i = 0; i < d; i++) embeddings[at + i] = means[k * d + i]! + random.normal();
    }
  }
  writeNpy(join(folder, "embeddings.npy"), tensor([images, patches, d], embeddings));
  writeNpy(join(folder, "attention.npy"), tensor([images, patches], attention));
  const start = means.map((value) => value + 0.3 * random.normal());
  writeNpy(join(folder, "means.npy"), tensor([concepts, d], start, "float64"));
  writeNpy(join(folder, "variance.npy"), tensor([1], [1 + 1.5 ** 2], "float64"));
}

/** The second pass of a fit; the first, with the start before it, warms up. */
async function secondPass(folder: string): Promise<Reply & { readonly memory: number; readonly bound: number }> {
  const dump = openDump(folder, { model: "bench" });
  let [began, used] = [performance.now(), process.cpuUsage()];
  let reply = { seconds: 0, cpu: 0, memory: 0, bound: 0 };
  await fitConcepts(dump, {
    concepts,
    alpha: 2,
    projection: "none",
    epochs: 2,
    tolerance: 0,
    startPatches: 5000,
    startRounds: 5,
    rounds: { most: 10, tolerance: 0 },
    onEpoch({ bound }) {
      const { user, system } = process.cpuUsage(used);
      const memory = Math.max(reply.memory, process.memoryUsage.rss());
      reply = { seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6, memory, bound };
      [began, used] = [performance.now(), process.cpuUsage()];
    },
  });
  dump.close();
  return reply;
}

function startPeer(folder: string) {
  const script = join(import.meta.dirname, "peers", "concepts.py");
  const child = spawn(process.env.ASSAY_PYTHON ?? "python3", [script, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const replies = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await replies.next();
    if (done) throw new Error("The peer ended; ASSAY_PYTHON must name a Python with numpy, scipy and scikit-learn");
    return JSON.parse(value);
  };
  const ask = (job: string): Promise<Reply> => {
    child.stdin.write(`${JSON.stringify({ job })}\n`);
    return next();
  };
  return { next, ask, end: () => child.stdin.end() };
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(folder: string): Promise<void> {
  // In a process of its own: what making the images takes is no part of the fit's memory.
  execFileSync(process.execPath, ["--conditions=assay-source", import.meta.filename, String(images), folder]);
  const peer = startPeer(folder);
  print(`${JSON.stringify(await peer.next())}, Node ${process.versions.node}, ${availableParallelism()} cores`);
  print(`load ${loadavg()[0]!.toFixed(2)}, ${images} images × ${patches} patches, K = ${concepts}, d = ${d}`);
  const peers: Record<string, Reply[]> = { numpy: [], "scikit-learn": [] };
  for (const job of Object.keys(peers)) await peer.ask(job);
  const own: Awaited<ReturnType<typeof secondPass>>[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const job of Object.keys(peers)) peers[job]!.push(await peer.ask(job));
    own.push(await secondPass(folder));
  }
  peer.end();
  const of = (list: readonly Reply[], read: (one: Reply) => number) => median(list.map(read));
  const [clock, cpu] = [of(own, ({ seconds }) => seconds), of(own, (one) => one.cpu)];
  const memory = Math.max(...own.map((one) => one.memory));
  print(
    `ours: ${clock.toFixed(2)} s a pass, ${cpu.toFixed(2)} s of the processor, peak ${Math.round(memory / 2 ** 20)} MiB, bound ${own[0]!.bound.toFixed(0)}`,
  );
  for (const [name, list] of Object.entries(peers)) {
    const [theirs, theirCpu] = [of(list, ({ seconds }) => seconds), of(list, (one) => one.cpu)];
    const ratios = `×${(theirs / clock).toFixed(1)} by the clock, ×${(theirCpu / cpu).toFixed(1)} by the processor`;
    print(`${name}: ${theirs.toFixed(2)} s, ${theirCpu.toFixed(2)} s of the processor: ${ratios}`);
  }
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
  try {
    await main(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const target = process.argv[3];
if (target === undefined) await measure();
else writeImages(target);
