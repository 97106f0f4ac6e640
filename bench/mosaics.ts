/**
 * Mosaics a second against Pillow with as many workers as this machine has cores, on the same photos: `node bench/mosaics.ts`.
 *
 * Both read JPEG files of 640 × 480, stitch the same mosaics and encode JPEG of quality 75. The two take turns, and the
 * median of the rounds counts. ASSAY_PYTHON names a Python with Pillow (default python3).
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import sharp from "sharp";
import { stream } from "#base";
import { type Kernel, mosaic, mosaicChoices } from "#formats";

const photoCount = 128;
const rounds = 5;
const cores = availableParallelism();
/** Mosaics a round, so that a round takes a second or two. */
const plan = { 2: 160, 4: 40, 8: 12 } as const;
const kernels = ["pillow-bicubic", "cubic"] as const satisfies readonly Kernel[];

async function main(folder: string): Promise<void> {
  const photos = await writePhotos(join(folder, "photos"));
  const peer = startPeer();
  const { pillow } = await peer.next();
  process.stderr.write(`Pillow ${pillow}, ${cores} cores, load ${loadavg()[0]!.toFixed(2)}, ${rounds} rounds\n`);
  for (const [side, count] of Object.entries(plan).map(([key, value]) => [Number(key), value] as const)) {
    const random = stream(0, `bench/mosaics/${side}`);
    const mosaics = Array.from({ length: count }, () => random.sample(photos, side * side));
    const seconds: Record<string, number[]> = { pillow: [], "pillow-bicubic": [], cubic: [] };
    for (let round = 0; round <= rounds; round++) {
      const keep = (name: string, took: number) => round > 0 && seconds[name]!.push(took);
      keep("pillow", (await peer.ask({ side, mosaics })).seconds!);
      for (const kernel of kernels) keep(kernel, await ours(mosaics, side, kernel));
    }
    print(side, count, seconds);
  }
  peer.end();
}

/** Seconds for all mosaics, two of them in flight, so that one is encoded while the other is decoded. */
async function ours(mosaics: readonly (readonly string[])[], side: number, kernel: Kernel): Promise<number> {
  const choices = mosaicChoices(side, { kernel });
  const queue = mosaics.values();
  const start = performance.now();
  const work = async () => {
    for (const cells of queue) await mosaic(cells, choices);
  };
  await Promise.all([work(), work()]);
  return (performance.now() - start) / 1000;
}

/** Photo-like pictures: smooth structure with noise on it, about 70 kB each. */
async function writePhotos(at: string): Promise<string[]> {
  mkdirSync(at);
  const random = stream(0, "bench/mosaics/photos");
  const noise = (width: number, height: number) =>
    sharp(
      Uint8Array.from({ length: width * height * 3 }, () => random.int(256)),
      { raw: { width, height, channels: 3 } },
    );
  const paths = Array.from({ length: photoCount }, (_, index) => join(at, `${index}.jpg`));
  for (const path of paths) {
    const picture = noise(160, 120).resize(640, 480, { kernel: "cubic" });
    writeFileSync(path, await picture.jpeg({ quality: 90 }).toBuffer());
  }
  return paths;
}

type PeerReply = { readonly seconds?: number; readonly pillow?: string };

function startPeer() {
  const python = process.env.ASSAY_PYTHON ?? "python3";
  const child = spawn(python, [join(import.meta.dirname, "peers", "mosaics.py"), String(cores)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const replies = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<PeerReply> => {
    const { value, done } = await replies.next();
    if (done) throw new Error("The Pillow peer ended; ASSAY_PYTHON must name a Python with Pillow");
    return JSON.parse(value);
  };
  const ask = (job: unknown) => {
    child.stdin.write(`${JSON.stringify(job)}\n`);
    return next();
  };
  return { next, ask, end: () => child.stdin.end() };
}

function print(side: number, count: number, seconds: Record<string, number[]>): void {
  const rate = (name: string) => count / median(seconds[name]!);
  const cells = kernels.map(
    (kernel) => `${kernel} ${rate(kernel).toFixed(1)}/s (×${(rate(kernel) / rate("pillow")).toFixed(2)})`,
  );
  process.stdout.write(`N=${side}  Pillow ${rate("pillow").toFixed(1)}/s  ${cells.join("  ")}\n`);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true });
}
