import { stream } from "#base";
import { pathDistance } from "../retrieval/path-distance.ts";
import { declarations } from "./declarations.ts";
import type { TextFile } from "./files.ts";
import { importedPaths } from "./imports.ts";

/** The file that is to be completed, and what random choices start from. */
export interface ComposeOptions {
  readonly target: TextFile;
  readonly seed: number;
}

/** Puts files in an order, the most useful last, and may shorten them. */
export type Composer = (files: readonly TextFile[], options: ComposeOptions) => TextFile[] | Promise<TextFile[]>;

/**
 * The context composers of Long Code Arena's project-level code completion, by the paper's names.
 *
 * Deviation: `half-memory` draws from the seed; the authors' draw was not seeded.
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
} as const satisfies Record<string, Composer>;

/** The name of a context composer. */
export type ComposerName = keyof typeof composers;

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
