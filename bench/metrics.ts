/**
 * Metrics against their reference implementations, on the same texts in turns: `node --conditions=assay-source bench/metrics.ts`.
 *
 * chrF and BLEU of 1,650 released answers against sacreBLEU; BM25 of 5,000 documents against bm25s and rank_bm25, index and
 * queries. The median of the rounds counts; both values are shown, and differ for bm25s, whose default is another BM25.
 * First of all, cold: chrF and called names of all 1,800 released answers. Needs ASSAY_SHARED, and ASSAY_PYTHON with
 * sacrebleu, bm25s and rank-bm25 (default python3).
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median, stream } from "#base";
import { bm25, codeBlock } from "#evals";
import { bleu, calledNamesFinder, chrf, sentenceChrf, type TextPair } from "#evals/metrics";

const rounds = 5;
const standIn = "gpt-4-0125-preview";
const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/long-code-arena/libgen_model_outputs.jsonl");

interface Reply {
  readonly seconds: number;
  readonly value: number;
}

interface Ranking {
  readonly documents: string[][];
  readonly queries: string[][];
}

/** Every answer of the other eleven settings, and beside it the stand-in's answer to the same task. */
async function scoreAllAnswers(): Promise<TextPair[]> {
  const rows: { model: string; index: number; raw: string }[] = readFileSync(shared, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const find = await calledNamesFinder();
  const codes = rows.map(({ raw }) => codeBlock(raw));
  const references = new Map(rows.flatMap(({ model, index }, at) => (model === standIn ? [[index, codes[at]!]] : [])));
  const calls = codes.reduce((total, code) => total + find(code).called.length, 0);
  const total = rows.reduce((sum, { index }, at) => sum + sentenceChrf(codes[at]!, references.get(index)!), 0);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  print(
    `1,800 answers, cold: ${seconds.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of CPU time ` +
      `(chrF ${(total / rows.length).toFixed(3)}, ${calls} called names)`,
  );
  return rows.flatMap(({ model, index }, at) =>
    model === standIn ? [] : [{ candidate: codes[at]!, reference: references.get(index)! }],
  );
}

/** Documents of about 200 words out of 20,000, few of which are frequent. */
function makeRanking(): Ranking {
  const random = stream(0, "bench/metrics");
  const word = () => `w${Math.floor(20_000 ** random.next())}`;
  const text = (length: number) => Array.from({ length }, word);
  const documents = Array.from({ length: 5000 }, () => text(100 + random.int(200)));
  return { documents, queries: Array.from({ length: 50 }, () => text(30)) };
}

/** Seconds that counting the documents and asking every query takes, and the sum of all scores. */
function rankAll({ documents, queries }: Ranking): Reply {
  return timed(() => {
    const index = bm25(documents);
    return queries.reduce((total, query) => index.scores(query).reduce((sum, score) => sum + score, total), 0);
  });
}

function timed(work: () => number): Reply {
  const start = performance.now();
  const value = work();
  return { seconds: (performance.now() - start) / 1000, value };
}

async function main(folder: string): Promise<void> {
  const pairs = await scoreAllAnswers();
  const ranking = makeRanking();
  writeFileSync(join(folder, "texts.json"), JSON.stringify({ pairs, ...ranking }));
  const peer = startPeer(join(folder, "texts.json"));
  process.stderr.write(
    `${JSON.stringify(await peer.next())}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(2)}\n`,
  );
  const jobs = {
    chrf: () => timed(() => chrf(pairs).value!),
    bleu: () => timed(() => bleu(pairs).value!),
    bm25s: () => rankAll(ranking),
    "rank-bm25": () => rankAll(ranking),
  };
  for (const [name, ours] of Object.entries(jobs)) {
    const [own, theirs]: [Reply[], Reply[]] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      theirs.push(await peer.ask(name));
      own.push(ours());
    }
    compare(name, own.slice(1), theirs.slice(1));
  }
  peer.end();
}

function compare(name: string, ours: readonly Reply[], theirs: readonly Reply[]): void {
  const [own, other] = [ours, theirs].map((replies) => median(replies.map(({ seconds }) => seconds)));
  const agreement = `${ours[0]!.value.toPrecision(12)} and ${theirs[0]!.value.toPrecision(12)}`;
  print(
    `${name}: ours ${(own! * 1000).toFixed(0)} ms, peer ${(other! * 1000).toFixed(0)} ms, ×${(other! / own!).toFixed(1)} (${agreement})`,
  );
}

function startPeer(texts: string) {
  const python = process.env.ASSAY_PYTHON ?? "python3";
  const script = join(import.meta.dirname, "peers", "metrics.py");
  const child = spawn(python, [script, texts], { stdio: ["pipe", "pipe", "inherit"] });
  const replies = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await replies.next();
    if (done) throw new Error("The peer ended; ASSAY_PYTHON must name a Python with sacrebleu, bm25s and rank-bm25");
    return JSON.parse(value);
  };
  const ask = (job: string): Promise<Reply> => {
    child.stdin.write(`${job}\n`);
    return next();
  };
  return { next, ask, end: () => child.stdin.end() };
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true });
}
