import { stream, UsageError } from "#base";
import { bm25 } from "../retrieval/bm25.ts";
import { pathDistance } from "../retrieval/path-distance.ts";
import { ranked } from "../retrieval/ranked.ts";
import { tfIdf } from "../retrieval/tf-idf.ts";
import { plainWords } from "../retrieval/words.ts";
import { declarations } from "./declarations.ts";
import type { TextFile } from "./files.ts";
import { importedPaths } from "./imports.ts";

/** The file that is to be completed, and what random choices start from. */
export interface ComposeOptions {
  readonly target: TextFile;
  readonly seed: number;
  /** What a text means, as a vector; only `embeddings` needs it. */
  readonly embed?: Embed;
}

/** Turns a text into a vector, whose direction tells what it is about. */
export type Embed = (text: string) => Promise<Float64Array>;

/** Puts files in an order, the most useful last, and may shorten them. */
export type Composer = (files: readonly TextFile[], options: ComposeOptions) => TextFile[] | Promise<TextFile[]>;

/**
 * The context composers of Long Code Arena's project-level code completion, by the paper's names, and three that rank
 * files by what the target's last lines say: `bm25`, `tf-idf` and `embeddings`.
 *
 * Deviation: `half-memory` draws from the seed; the authors' draw was not seeded. The three are not in the paper.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, appendix on code completion; the authors' composers
 */
export const composers = {
  naive: (files) => [...files],
  alphabetical: (files) => files.toSorted((a, b) => (a.path < b.path ? 1 : -1)),
  "path-distance": farthestFirst,
  "file-length": longestFirst,
  "half-memory": (files, { seed }) => files.map((file) => forgetHalf(file, seed)),
  "half-memory-path-distance": (files, options) =>
    farthestFirst(files, options).map((file) => forgetHalf(file, options.seed)),
  "imports-first": importedLast,
  "declarations-half": (files, options) => maskFirst(farthestFirst(files, options), Math.ceil(files.length / 2)),
  "declarations-all-but-one": (files, options) => maskFirst(farthestFirst(files, options), files.length - 1),
  bm25: (files, { target }) =>
    files.length === 0 ? [] : bestLast(files, bm25(files.map(wordsOf)).scores(plainWords(lastLines(target)))),
  "tf-idf": (files, { target }) => bestLast(files, tfIdf(plainWords(lastLines(target)), files.map(wordsOf))),
  embeddings: nearestLast,
} as const satisfies Record<string, Composer>;

/** Composers that look at the lines before the one that is asked for: each line has a context of its own. */
export const lineComposers: readonly string[] = ["bm25", "tf-idf", "embeddings"] satisfies ComposerName[];

/** The name of a context composer. */
export type ComposerName = keyof typeof composers;

/** Of equal scores the higher index stands last, as a ranking has it first. */
const bestLast = (files: readonly TextFile[], scores: ArrayLike<number>): TextFile[] =>
  ranked(scores)
    .reverse()
    .map((at) => files[at]!);

/** What a file is asked about: the lines nearest to the one to come. */
const lastLines = ({ path, content }: TextFile): string => `${path}\n${content.split("\n").slice(-50).join("\n")}`;

const cut = new WeakMap<TextFile, string[]>();

/** Cut once, for the same files are ranked for line after line. */
function wordsOf(file: TextFile): string[] {
  const words = cut.get(file) ?? plainWords(`${file.path}\n${file.content}`);
  cut.set(file, words);
  return words;
}

/**
 *     score(file) = v_target · v_file / (|v_target| · |v_file|)
 */
async function nearestLast(files: readonly TextFile[], { target, embed }: ComposeOptions): Promise<TextFile[]> {
  if (embed === undefined) {
    throw new UsageError(
      "EMBEDDER_MISSING",
      "context: Expected a model to embed with for embeddings, got none; name one",
    );
  }
  const asked = await embed(lastLines(target));
  const scores: number[] = [];
  for (const { path, content } of files) scores.push(cosine(asked, await embed(`${path}\n${content}`)));
  return bestLast(files, scores);
}

function cosine(a: Float64Array, b: Float64Array): number {
  let [product, left, right] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    product += a[at]! * b[at]!;
    left += a[at]! ** 2;
    right += b[at]! ** 2;
  }
  return product === 0 ? 0 : product / Math.sqrt(left * right);
}

/** Files of one distance stand in reverse, for the authors turn the whole list round. */
function farthestFirst(files: readonly TextFile[], { target }: ComposeOptions): TextFile[] {
  const distances = new Map(files.map((file) => [file, pathDistance(target.path, file.path)]));
  return files.toSorted((a, b) => distances.get(a)! - distances.get(b)!).reverse();
}

/** By length in code points; a file of a length that is taken counts as the next longer one that is free. */
function longestFirst(files: readonly TextFile[]): TextFile[] {
  const byLength = new Map<number, TextFile>();
  for (const file of files) {
    let length = codePoints(file.content);
    while (byLength.has(length)) length++;
    byLength.set(length, file);
  }
  return [...byLength].sort(([a], [b]) => b - a).map(([, file]) => file);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Each line stays with a chance of one half; the draw depends on the seed and the path alone. */
function forgetHalf({ path, content }: TextFile, seed: number): TextFile {
  const random = stream(seed, `context/half-memory/${path}`);
  const lines = content.split("\n").filter(() => random.next() > 0.5);
  return { path, content: lines.join("\n") };
}

async function importedLast(files: readonly TextFile[], { target }: ComposeOptions): Promise<TextFile[]> {
  const imported = await importedPaths(
    target.content,
    files.map(({ path }) => path),
  );
  const [others, last] = [
    files.filter(({ path }) => !imported.has(path)),
    files.filter(({ path }) => imported.has(path)),
  ];
  return [...others, ...last];
}

const maskFirst = (files: readonly TextFile[], masked: number): TextFile[] =>
  files.map(({ path, content }, at) => ({ path, content: at < masked ? declarations(content) : content }));
