/** Rankings of files that need no model. */
import { bm25, plainWords, ranked, tfIdf } from "#evals";
import { isSource } from "../history/source-paths.ts";
import { type BugItem, issueOf } from "./item.ts";

/** A file that can be named, and its words: path and content together. */
interface RankedFile {
  readonly path: string;
  readonly words: readonly string[];
}

/** Ranks a bug's candidate files, the likeliest first. */
export type Ranker = (item: BugItem) => Promise<string[]>;

/**
 * The retrieval baselines: BM25 over words of path and content, the cosine of tf-idf over words cut at capitals too.
 *
 * Deviation: words are runs of letters and digits; the paper's rows used llama-index's BM25, and NLTK's tokens or a BPE
 * trained for each repository, and shift by some points.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.5
 */
export const rankers = {
  bm25: async (item) => {
    const files = await filesOf(item, plainWords);
    if (files.length === 0) return [];
    const scores = bm25(files.map(({ words }) => words)).scores(plainWords(issueOf(item)));
    return ranked(scores).map((at) => files[at]!.path);
  },
  "tf-idf": async (item) => {
    const files = await filesOf(item, parts);
    const scores = tfIdf(
      parts(issueOf(item)),
      files.map(({ words }) => words),
    );
    return ranked(scores).map((at) => files[at]!.path);
  },
} satisfies Record<string, Ranker>;

/** Words, also cut where their case changes: `readConfigFile` is three. */
const parts = (text: string): string[] => plainWords(text.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, "$1 "));

/** Names only, where a file has no text. */
async function filesOf({ files, endings }: BugItem, words: (text: string) => string[]): Promise<RankedFile[]> {
  return (await files())
    .filter(({ path }) => isSource(path, endings))
    .map(({ path, content }) => ({ path, words: words(`${path}\n${content ?? ""}`) }));
}

/** Every file that can be named, in the order of the repository. */
export const candidatesOf = async ({ files, endings }: BugItem): Promise<string[]> =>
  (await files()).map(({ path }) => path).filter((path) => isSource(path, endings));
