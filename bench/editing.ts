/**
 * Editing against the published algorithm of ROME and MEMIT in PyTorch (CPU, float32), where ASSAY_PYTHON names a Python
 * that has torch and transformers: one ROME edit, and one MEMIT batch of facts, on the same folder with the same token
 * ids, layers, numbers and C. They take turns; what counts is the median of the rounds' ratios. Both sides have C,
 * prefixes and weights at hand before the clock starts; neither stops early. Ours includes what surrounds an edit: the
 * certificate with its hashes, and reading the objects before and after.
 *
 * Run   node --conditions=assay-source bench/editing.ts [mini] [gpt2] [rome] [memit] [--rounds N] [--facts N] [--threads N] [--cpu]
 *
 * `--cpu` counts seconds of the processor instead, which other work disturbs least; run it under `taskset -c 0` with
 * `--threads 1`, so that both have one thread.
 */
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { tensor } from "#base";
import { atlasFacts, atlasStatement } from "#corpora";
import { type EditRequest, type KeyStatistics, keyStatistics, memit, prepareRequests, rome } from "#methods/editing";
import { type LanguageModel, loadModel } from "#models";
import { gpt2Folder } from "./models/gpt2-folder.ts";
import { type PeerProcess, startPeer } from "./peers/process.ts";
import { here, type Standing, takeTurns } from "./peers/rounds.ts";

const { values: flags, positionals } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    facts: { type: "string", default: "100" },
    threads: { type: "string", default: String(availableParallelism()) },
    cpu: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const [rounds, facts, threads] = [Number(flags.rounds), Number(flags.facts), Number(flags.threads)];
const python = process.env.ASSAY_PYTHON;
const script = join(import.meta.dirname, "peers/editing.py");

/** The published numbers of GPT-2, without its early stop. */
const numbers = { learningRate: 0.5, steps: 20, decay: 0.5, divergenceWeight: 0.0625, clamp: 4, enough: 0 };
const romePrefixes = [
  { tokens: 5, count: 10 },
  { tokens: 10, count: 10 },
];
const memitPrefixes = [{ tokens: 10, count: 5 }];
const [covarianceWeight, variance] = [1000, 0.01];

const folders = {
  mini: { place: () => join(import.meta.dirname, "../miniatures/atlas"), rome: 1, memit: [0, 1, 2] },
  gpt2: { place: () => gpt2Folder(join(tmpdir(), "assay-bench-gpt2")), rome: 4, memit: [2, 3, 4, 5, 6] },
} as const;

/** Facts of the atlas, each with the answer of another one. */
function requestsFor(count: number): EditRequest[] {
  const all = atlasFacts().filter(({ relation }) => relation === "currency");
  return all.slice(0, count).map((fact, at) => {
    const other = all.slice(at + 1).find(({ answer }) => answer !== fact.answer) ?? all[0]!;
    const { prompt } = atlasStatement(fact, "en", { split: "train", template: 0 });
    return { id: fact.id, subject: fact.subjectNames.en, prompt, target: other.answerNames.en };
  });
}

/** C = variance · I, through the same solves as any other. */
async function statisticsOf({ config }: LanguageModel, layer: number): Promise<KeyStatistics> {
  const size = config.intermediateSize;
  const data = new Float64Array(size * size);
  for (let at = 0; at < size; at++) data[at * size + at] = variance;
  const moment = tensor([size, size], data, "float64");
  return keyStatistics({ moment, positions: 10 * size, layer, corpus: "a benchmark" }, { epsilon: 0 });
}

/** The ids that we would use, for the peer. */
async function idsOf(model: LanguageModel, requests: readonly EditRequest[], prefixes: typeof romePrefixes) {
  const { encoded } = await prepareRequests(model, requests, { prefixes });
  return encoded.map(({ rewrites, essence }) => ({
    rewrites: rewrites.map(({ ids, lookup, targets }) => ({ ids, lookup, targets: targets.map(({ id }) => id) })),
    essence: { ids: essence.ids, lookup: essence.lookup },
  }));
}

interface Bench {
  readonly name: keyof typeof folders;
  readonly model: LanguageModel;
  readonly peer: PeerProcess | undefined;
}

async function editOne({ name, model, peer }: Bench): Promise<void> {
  const [request] = requestsFor(1);
  const layer = folders[name].rome;
  const statistics = await statisticsOf(model, layer);
  const options = { ...numbers, variant: "rome", layer, token: "subject", prefixes: romePrefixes, statistics } as const;
  const requests = peer && (await idsOf(model, [request!], romePrefixes));
  const job = { kind: "rome", layers: [layer], requests, numbers, variance };
  print(`${name}: one ROME edit`, await race(() => rome(model, request!, options), peer, job), 1);
}

async function editMany({ name, model, peer }: Bench): Promise<void> {
  const requests = requestsFor(facts);
  const layers = folders[name].memit;
  const known = new Map<number, KeyStatistics>();
  for (const layer of layers) known.set(layer, await statisticsOf(model, layer));
  const statistics = (layer: number) => known.get(layer)!;
  const options = {
    ...numbers,
    clamp: 0.75,
    covarianceWeight,
    layers,
    token: "subject",
    prefixes: memitPrefixes,
  } as const;
  const ids = peer && (await idsOf(model, requests, memitPrefixes));
  const told = { ...numbers, clamp: 0.75, covarianceWeight };
  const job = { kind: "memit", layers, requests: ids, numbers: told, variance };
  const work = () => memit(model, requests, { ...options, statistics });
  print(`${name}: MEMIT, ${facts} facts over ${layers.length} layers`, await race(work, peer, job), facts);
}

function race(work: () => Promise<unknown>, peer: PeerProcess | undefined, job: Readonly<Record<string, unknown>>) {
  const other =
    peer === undefined ? [] : [{ name: "PyTorch", seconds: () => peer.seconds({ ...job, cpu: flags.cpu }) }];
  return takeTurns([here("engine", work, { meter: flags.cpu ? "cpu" : "clock" }), ...other], rounds);
}

function print(title: string, standings: readonly Standing[], count: number): void {
  console.log(`\n${title}`);
  for (const { name, seconds, ratio } of standings) {
    const each = count === 1 ? "" : `, ${(seconds / count).toFixed(3)} s a fact`;
    console.log(`  ${name.padEnd(10)} ${seconds.toFixed(3)} s${each}  engine takes ${ratio.toFixed(3)} × its time`);
  }
}

const wanted = (names: readonly string[]) => {
  const named = names.filter((name) => positionals.includes(name));
  return named.length > 0 ? named : names;
};
for (const name of wanted(Object.keys(folders)) as (keyof typeof folders)[]) {
  const place = folders[name].place();
  using model = await loadModel(place);
  const peer = python === undefined ? undefined : await startPeer(python, [script, String(threads), place]);
  console.log(`${threads} threads, load ${loadavg()[0]!.toFixed(1)}, ${JSON.stringify(peer?.hello ?? {})}`);
  const works = wanted(["rome", "memit"]);
  if (works.includes("rome")) await editOne({ name, model, peer });
  if (works.includes("memit")) await editMany({ name, model, peer });
  peer?.end();
}
console.log(`\nload ${loadavg()[0]!.toFixed(1)}`);
