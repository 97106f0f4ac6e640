import { splitWords } from "../python-text.ts";
import { numberIn } from "./clipped-matches.ts";
import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";

const signature = "rouge-l-py|as:rouge-1.0.1|sentences:period|words:unique|measure:f1|mean:plain|scale:1|assay:1";

/**
 * ROUGE-L as the package `rouge` has it: over sentences, and with sets of words in place of counts, from 0 to 1.
 *
 *     U = ∪_{r, c} words of LCS(r, c)     P = |U| / |words of candidate|     R = |U| / |words of reference|
 *     F = 2 · P · R / (P + R + 10⁻⁸)
 *
 * A text is cut at every period; equal texts reach 0.999999995. A text without a sentence scores 0: there the package
 * fails, and ConceptVectors counts a failure as 0.
 *
 * Deviation: the package also fails where a sentence is so long that its recursion ends; ours scores it.
 *
 * Source   rouge 1.0.1, rouge_score.py, rouge_l_summary_level; Hong et al. 2024, ConceptVectors
 */
export function rougeLPy(pairs: readonly TextPair[]): MetricResult {
  return meanResult(signature, pairs, (pair) => sentenceRougeLPy(pair.candidate, referencesOf(pair)[0]!));
}

/** ROUGE-L of the package `rouge` for one text, from 0 to 1. */
export function sentenceRougeLPy(candidate: string, reference: string): number {
  const numbers = numberIn(new Map());
  const [ours, theirs] = [sentencesOf(candidate, numbers), sentencesOf(reference, numbers)];
  if (ours.length === 0 || theirs.length === 0) return 0;
  const shared = new Set<number>();
  for (const sentence of theirs) {
    for (const other of ours) for (const word of longestCommonWords(sentence, other)) shared.add(word);
  }
  const precision = shared.size / new Set(ours.flat()).size;
  const recall = shared.size / new Set(theirs.flat()).size;
  return 2 * ((precision * recall) / (precision + recall + 1e-8));
}

/** The words of each sentence as numbers; a sentence of white space has one word, the empty one. */
function sentencesOf(text: string, numbers: (word: string) => number): number[][] {
  const sentences = text.split(".").filter((sentence) => sentence !== "");
  return sentences.map((sentence) => splitWords(sentence).join(" ").split(" ").map(numbers));
}

/** The words of one longest common subsequence: of several, the one that the package finds. */
function longestCommonWords(reference: readonly number[], candidate: readonly number[]): number[] {
  const width = candidate.length + 1;
  const lengths = lengthTable(reference, candidate);
  const words: number[] = [];
  let [row, column] = [reference.length, candidate.length];
  while (row > 0 && column > 0) {
    if (reference[row - 1] === candidate[column - 1]) {
      words.push(reference[row - 1]!);
      row--;
      column--;
    } else if (lengths[(row - 1) * width + column]! > lengths[row * width + column - 1]!) row--;
    else column--;
  }
  return words;
}

/** Length of the longest common subsequence of every two beginnings. [rows + 1, columns + 1] */
function lengthTable(reference: readonly number[], candidate: readonly number[]): Int32Array {
  const width = candidate.length + 1;
  const lengths = new Int32Array((reference.length + 1) * width);
  for (let row = 1; row <= reference.length; row++) {
    for (let column = 1; column < width; column++) {
      const at = row * width + column;
      const equal = reference[row - 1] === candidate[column - 1];
      lengths[at] = equal ? lengths[at - width - 1]! + 1 : Math.max(lengths[at - width]!, lengths[at - 1]!);
    }
  }
  return lengths;
}
