/**
 * Repositories read as data, and bugs looked for in a large one: `node --conditions=assay-source bench/repositories.ts [folder]`.
 *
 * A repository of 5,000 files of about 60 lines is written; it is listed and read, and five issues are ranked over all of
 * it by BM25 and by TF-IDF, texts read anew and words cut each time. Then the history of a folder (this project's when none
 * is named) is read, commits with their changes and differences, beside `git log -p` where there is a git.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { median, stream } from "#base";
import { bm25, plainWords, ranked, tfIdf } from "#evals";
import { openRepository, type Repository, snapshotOf, writeRepository } from "#formats/git";

const rounds = 5;
const author = { name: "Bench", email: "bench@example.org" };

/** Names out of 8,000, few of which are frequent, as lines of code. */
function makeFiles(count: number): Map<string, string> {
  const random = stream(0, "bench/repositories");
  const word = () => `name${Math.floor(8000 ** random.next())}`;
  const line = () => `    ${word()} = self.${word()}(${word()}, ${word()}) + ${word()}`;
  return new Map(
    Array.from({ length: count }, (_, at) => {
      const lines = Array.from({ length: 30 + random.int(60) }, line);
      return [`package${at % 50}/part${at % 7}/${word()}_${at}.py`, `def ${word()}(self):\n${lines.join("\n")}\n`];
    }),
  );
}

const issues = (texts: readonly string[]): string[] =>
  [0, 1, 2, 3, 4].map((at) =>
    plainWords(texts[at * 997]!)
      .slice(5, 45)
      .join(" "),
  );

/** Ranks every file for each issue, from the repository on; the sum of the places of the right ones. */
function localize(folder: string, rank: (query: string[], documents: string[][]) => Float64Array): number {
  const repository = openRepository(folder);
  const files = snapshotOf(repository);
  const documents = files.map(({ path, content }) => plainWords(`${path}\n${content}`));
  const asked = issues(files.map(({ content }) => content!));
  repository.close();
  const places = asked.map((issue, at) => ranked(rank(plainWords(issue), documents)).indexOf(at * 997));
  return places.reduce((total, place) => total + place, 0);
}

function indexed(): (query: string[], documents: string[][]) => Float64Array {
  let index: ReturnType<typeof bm25> | undefined;
  return (query, documents) => {
    index ??= bm25(documents);
    return Float64Array.from(index.scores(query));
  };
}

/** Lines of all differences of a history. */
function readHistory(repository: Repository): { commits: number; lines: number } {
  let [commits, lines] = [0, 0];
  for (const { id, parents } of repository.history()) {
    commits++;
    if (parents.length > 1) continue;
    for (const change of repository.changes(id)) lines += repository.diff(change).diff.split("\n").length;
  }
  return { commits, lines };
}

function measure<T>(work: () => T): { seconds: number; cpu: number; value: T } {
  const times: number[] = [];
  const cpu: number[] = [];
  let value!: T;
  for (let round = 0; round <= rounds; round++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    value = work();
    const { user, system } = process.cpuUsage(used);
    if (round > 0) times.push((performance.now() - start) / 1000);
    if (round > 0) cpu.push((user + system) / 1e6);
  }
  return { seconds: median(times), cpu: median(cpu), value };
}

const print = (what: string, { seconds, cpu, value }: { seconds: number; cpu: number; value: unknown }): void =>
  void process.stdout.write(
    `${what}: ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of CPU time (${JSON.stringify(value)})\n`,
  );

const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
try {
  process.stderr.write(
    `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(2)}\n`,
  );
  const files = makeFiles(5000);
  writeRepository(folder, [{ message: "All", author, seconds: 1_700_000_000, files }]);
  print(
    "read 5,000 files, characters",
    measure(() => snapshotOf(openRepository(folder)).reduce((sum, { content }) => sum + content!.length, 0)),
  );
  print(
    "localize five issues by BM25, sum of places",
    measure(() => localize(folder, indexed())),
  );
  print(
    "localize five issues by TF-IDF, sum of places",
    measure(() => localize(folder, tfIdf)),
  );
  const project = process.argv[2] ?? ".";
  print(
    "history with differences, ours",
    measure(() => readHistory(openRepository(project))),
  );
  const git = () =>
    spawnSync("git", ["-C", project, "log", "-p", "--no-textconv", "--no-ext-diff"], { maxBuffer: 2 ** 30 }).stdout;
  if (spawnSync("git", ["--version"]).status === 0)
    print(
      "history with differences, git log -p, bytes",
      measure(() => git().length),
    );
} finally {
  rmSync(folder, { recursive: true });
}
