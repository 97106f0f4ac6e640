/**
 * Does to a folder shaped like Llama-2-7B or OLMo-7B what ConceptVectors does without training: predicts, finds concept
 * vectors in some layers, takes one away and compares it, block by block. Its weights are holes in a file, so that times
 * and memory count, and numbers do not. With ASSAY_SHARED the authors' development file says where to look.
 *
 *     node --conditions=assay-source scripts/rehearse-concept-vectors.ts [llama|olmo] [layers]
 */
import { existsSync, rmSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { stream } from "#base";
import {
  ablate,
  compareVectors,
  discoverConceptVectors,
  nullDistributions,
  pairsAt,
  withValueVectors,
} from "#methods/value-vectors";
import { loadModel, openModelFolder, preflight } from "#models";
import { sparseFolder } from "./sparse-folder.ts";

const [name = "llama", count = "2"] = process.argv.slice(2);
const folder = sparseFolder(name);
const peakGigabytes = () => `${((process.resourceUsage().maxRSS * 1024) / 1e9).toFixed(2)} GB peak`;

async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await act();
  const { user, system } = process.cpuUsage(used);
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  console.log(`${what}: ${seconds} (${((user + system) / 1e6).toFixed(1)} s of the processor), ${peakGigabytes()}`);
  return result;
}

/** The first place of the authors' development file, or one like it. */
async function firstPlace(): Promise<{ layer: number; column: number }> {
  const file = join(process.env.ASSAY_SHARED ?? "../shared", "data/concept-vectors", `${files[name]}`);
  if (!existsSync(file)) return { layer: 23, column: 743 };
  const { readFileSync } = await import("node:fs");
  const { readOfficialRecords } = await import("#studies/concept-vectors");
  const records = readOfficialRecords(readFileSync(file, "utf8"), file);
  console.log(
    `${records.length} concepts in layers ${records
      .map(({ place }) => place!.layer)
      .sort()
      .join(" ")}`,
  );
  return records[0]!.place!;
}

const files: Readonly<Record<string, string>> = {
  llama: "llama2-7b_concepts_dev.json",
  olmo: "olmo-7b_concepts_dev.json",
};

console.log(`load ${loadavg()[0]!.toFixed(1)}`);
try {
  const opened = openModelFolder(folder);
  const predicted = await timed("predict", () => preflight(opened, { tokens: 256, memory: 8e9 }));
  opened.checkpoint.close();
  console.log(
    `predicted: ${(predicted.memoryBytes / 1e9).toFixed(2)} GB, ${(predicted.measured.flopsPerSecond / 1e9).toFixed(0)} GFLOP/s`,
  );
  const place = await firstPlace();
  using model = await timed("load", () => loadModel(folder, { memory: 8e9 }));
  const random = stream(0, "lexicon");
  const lexicon = new Set(Array.from({ length: 60 }, () => random.int(model.config.vocabularySize)));
  const layers = Array.from({ length: Number(count) }, (_, at) => place.layer - at);
  const flops =
    2 * layers.length * model.config.intermediateSize * model.config.hiddenSize * model.config.vocabularySize;
  const start = performance.now();
  await timed(`find concept vectors in layers ${layers.join(", ")}`, () =>
    discoverConceptVectors(model, [lexicon], { layers, level: 1 }),
  );
  console.log(`projection: at least ${(flops / (performance.now() - start) / 1e6).toFixed(1)} GFLOP/s`);
  await timed("take one away and compare it with its null distributions", async () => {
    const changed = withValueVectors(model, [ablate(model, place, { kind: "noise", sigma: 0.1 })]);
    const models = { before: model, after: changed };
    await compareVectors(pairsAt(models, place.layer, [place.column]), models);
    return nullDistributions(models, place, { count: 20 });
  });
  console.log(`load ${loadavg()[0]!.toFixed(1)}`);
} finally {
  rmSync(folder, { recursive: true });
}
