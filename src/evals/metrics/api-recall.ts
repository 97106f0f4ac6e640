import { pythonQuery } from "#formats";
import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";

const signature =
  "api-recall|parser:tree-sitter-python@tree-sitter-wasms-0.1.12|names:called|mean:plain|scale:1|assay:1";

/** `f(…)` calls f, `a.b.f(…)` calls f. */
const calls = `
  (call function: (identifier) @called)
  (call function: (attribute attribute: (identifier) @called))
`;

/** The distinct names that a Python text calls, sorted, and whether all of the text was valid. */
export interface CalledNames {
  readonly called: readonly string[];
  readonly hasError: boolean;
}

/**
 * Loads the parser and returns what finds the names that Python code calls.
 *
 * A constructor is a call like any other; a constant is none, although the paper counts it. Broken code is read as far
 * as the parser recovers.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, library-based code generation, as its code has it
 */
export async function calledNamesFinder(): Promise<(code: string) => CalledNames> {
  const find = await pythonQuery(calls);
  return (code) => {
    const { captures, hasError } = find(code);
    return { called: [...new Set(captures.map(({ text }) => text))].sort(), hasError };
  };
}

/**
 * API recall: the share of the reference's library names that the code calls, and its plain mean.
 *
 *     recall = |called ∩ set(apis)| / |apis|
 *
 * The denominator is the length of the list, as the authors have it. A list without names has no recall: 0.
 */
export function apiRecall(called: Iterable<string>, apis: readonly string[]): number {
  if (apis.length === 0) return 0;
  const known = new Set(apis);
  return [...new Set(called)].filter((name) => known.has(name)).length / apis.length;
}

/** API recall of code (`candidate`) against lists of names (`reference`), from 0 to 1. */
export async function apiRecallOfCode(pairs: readonly TextPair[]): Promise<MetricResult> {
  const find = await calledNamesFinder();
  return meanResult(signature, pairs, (pair) => apiRecall(find(pair.candidate).called, referencesOf(pair)));
}
