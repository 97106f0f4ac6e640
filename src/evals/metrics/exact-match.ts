import { mean } from "#base";
import { strip } from "../python-text.ts";
import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";

const signature = "exact-match|trim:both|case:mixed|mean:plain|scale:1|assay:1";

/**
 * Exact match: 1 when both texts are equal once white space around them is gone, else 0, and the share of ones.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, project-level code completion
 */
export function exactMatch(pairs: readonly TextPair[]): MetricResult {
  return meanResult(signature, pairs, (pair) => (isExact(pair) ? 1 : 0));
}

const isExact = (pair: TextPair): boolean => strip(pair.candidate) === strip(referencesOf(pair)[0]!);

/** A completed line: what was written, what stands there, in which file, and the classes that the line belongs to. */
export interface CompletedLine extends TextPair {
  readonly file: string;
  readonly lineClass: string;
}

/** Exact match of one class of lines, averaged in both ways. */
export interface ClassMatch {
  /** Share of all lines that match: what the paper describes. */
  readonly overLines: number;
  /** Mean over the files that have such lines of each file's own share: what the authors' code computes. */
  readonly overFiles: number;
  readonly lines: number;
  readonly files: number;
}

/**
 * Exact match by class of line, and over all of them as `all`.
 *
 *     overLines = hits / lines     overFiles = (1 / files) · Σ_f hits_f / lines_f
 */
export function exactMatchByClass(lines: readonly CompletedLine[]): Record<string, ClassMatch> {
  const classes = Map.groupBy(lines, ({ lineClass }) => lineClass);
  const rows = [...classes].map(([name, members]) => [name, classMatch(members)] as const);
  return lines.length === 0 ? {} : Object.fromEntries([...rows, ["all", classMatch(lines)]]);
}

function classMatch(lines: readonly CompletedLine[]): ClassMatch {
  const files = [...Map.groupBy(lines, ({ file }) => file).values()];
  const overLines = share(lines);
  return { overLines, overFiles: mean(files.map(share)), lines: lines.length, files: files.length };
}

const share = (lines: readonly CompletedLine[]): number => lines.filter(isExact).length / lines.length;
