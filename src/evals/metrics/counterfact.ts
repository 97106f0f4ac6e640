import { mean, sum } from "#base";

/** How likely a model finds the new object and the old one after a prompt: e to the mean log-probability of their tokens. */
export interface ObjectProbabilities {
  readonly newObject: number;
  readonly oldObject: number;
}

/** One edited fact: its own prompt, paraphrases, and prompts about neighbours that still have the old object. */
export interface CounterfactCase {
  readonly rewrite: readonly ObjectProbabilities[];
  readonly paraphrase: readonly ObjectProbabilities[];
  readonly neighbour: readonly ObjectProbabilities[];
}

/** CounterFact's scores, as shares: ES, PS, NS how often the right object is likelier, EM, PM, NM by how much. */
export interface CounterfactScores {
  readonly es: number | null;
  readonly em: number | null;
  readonly ps: number | null;
  readonly pm: number | null;
  readonly ns: number | null;
  readonly nm: number | null;
  /** The harmonic mean of ES, PS and NS; null unless all three were measured. */
  readonly score: number | null;
  readonly n: number;
}

/** What decides the numbers of counterfactScores(). */
export const counterfactSignature = "counterfact|prob:length-normalised|case:mean|score:harmonic|scale:1|assay:1";

/**
 * CounterFact's scores: each the mean over cases of the mean over a case's prompts.
 *
 *     ES = mean 1[P(o*) > P(o)]   EM = mean (P(o*) − P(o))     PS, PM on paraphrases
 *     NS = mean 1[P(o) > P(o*)]   NM = mean (P(o) − P(o*))     on neighbours     score = 3 / (1/ES + 1/PS + 1/NS)
 *
 * Source   Meng et al. 2022, ROME, §4.1; kmeng01/rome, experiments/summarize.py
 */
export function counterfactScores(cases: readonly CounterfactCase[]): CounterfactScores {
  const over = (of: keyof CounterfactCase, measure: (prompt: ObjectProbabilities) => number): number | null => {
    const means = cases.flatMap((one) => (one[of].length === 0 ? [] : [mean(one[of].map(measure))]));
    return means.length === 0 ? null : mean(means);
  };
  const [es, ps] = [over("rewrite", isNewer), over("paraphrase", isNewer)];
  const ns = over("neighbour", isOlder);
  const three = [es, ps, ns].filter((share) => share !== null);
  return {
    es,
    em: over("rewrite", gain),
    ps,
    pm: over("paraphrase", gain),
    ns,
    nm: over("neighbour", loss),
    score: three.length === 3 ? harmonicMean(three) : null,
    n: cases.length,
  };
}

const gain = ({ newObject, oldObject }: ObjectProbabilities): number => newObject - oldObject;
const loss = (prompt: ObjectProbabilities): number => -gain(prompt);
const isNewer = (prompt: ObjectProbabilities): number => Number(gain(prompt) > 0);
const isOlder = (prompt: ObjectProbabilities): number => Number(gain(prompt) < 0);

/** The harmonic mean of numbers that are not negative; 0 as soon as one of them is. */
export function harmonicMean(numbers: readonly number[]): number {
  return numbers.some((number) => number === 0) ? 0 : numbers.length / sum(numbers.map((number) => 1 / number));
}
