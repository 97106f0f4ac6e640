/** Rankings of files that need no model. */
import { bm25, plainWords, ranked, tfIdf } from "#evals";
import { type BugItem, isCandidate, issueOf } from "./item.ts";

/** A file that can be named, and its words: path and content together. */
interface RankedFile {
  readonly path: string;
  readonly words: readonly string[];
}

/** Ranks a bug's candidate files, the likeliest first. */
export type Ranker = (item: BugItem) => string[];

/**
 * The retrieval baselines: BM25 over words of path and content, the cosine of tf-idf over words cut at capitals too.
 *
 * Deviation: words are runs of letters and digits; the paper's rows used llama-index's BM25, and NLTK's tokens or a BPE
 * trained for each repository, and shift by some points.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.5
 */
export const rankers = {
  bm25: (item) => {
    const files = filesOf(item, plainWords);
    if (files.length === 0) return [];
    const scores = bm25(files.map(({ words }) => words)).scores(plainWords(issueOf(item)));
    return ranked(scores).map((at) => files[at]!.path);
  },
  "tf-idf": (item) => {
    const files = filesOf(item, parts);
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
function filesOf({ files, ending }: BugItem, words: (text: string) => string[]): RankedFile[] {
  return files()
    .filter(({ path }) => isCandidate(path, ending))
    .map(({ path, content }) => ({ path, words: words(`${path}\n${content ?? ""}`) }));
}

/** Every file that can be named, in the order of the repository. */
export const candidatesOf = ({ files, ending }: BugItem): string[] =>
  files()
    .map(({ path }) => path)
    .filter((path) => isCandidate(path, ending));
