import { mean } from "#base";

/** How a judge weighs its two options: logits, or log-probabilities. */
export interface Preference {
  readonly a: number;
  readonly b: number;
}

/** One text judged twice against the truth, which stands first and then second. */
export interface Judgement {
  /** A is the truth, B the prediction. */
  readonly truthFirst: Preference;
  /** A is the prediction, B the truth. */
  readonly predictionFirst: Preference;
}

/** What judges say of predictions beside the truth. */
export interface CompScore {
  readonly signature: string;
  /** 0 to 100: how often the prediction is preferred; 50 when the judge cannot tell. Null without judgements. */
  readonly value: number | null;
  readonly n: number;
  readonly perSample: readonly number[];
  /** Mean P(A) over both orders minus one half: 0 for a judge that does not care which text stands first. */
  readonly positionBias: number | null;
  /** Share of samples in which the order alone decides which text wins. */
  readonly flips: number | null;
}

const signature = "comp-score|orders:both|options:A,B|mean:plain|scale:100|assay:1";

/**
 * CompScore: how strongly a judge prefers a generated documentation to the true one, in both orders.
 *
 *     P(B) = 1 / (1 + exp(a − b))     P(A) = 1 − P(B)
 *     score = 100 · (P(B | truth first) + P(A | prediction first)) / 2
 *
 * Two equal texts make two equal questions, and their score is 50 exactly, whatever the judge prefers.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, module summarization
 */
export function compScore(judgements: readonly Judgement[]): CompScore {
  const rows = judgements.map(({ truthFirst, predictionFirst }) => ({
    first: secondShare(truthFirst),
    second: 1 - secondShare(predictionFirst),
  }));
  const perSample = rows.map(({ first, second }) => (100 * (first + second)) / 2);
  const meanOf = (values: readonly number[]) => (values.length === 0 ? null : mean(values));
  return {
    signature,
    value: meanOf(perSample),
    n: rows.length,
    perSample,
    positionBias: meanOf(rows.map(({ first, second }) => (1 - first + second) / 2 - 0.5)),
    flips: meanOf(rows.map(({ first, second }) => Number((first - 0.5) * (second - 0.5) < 0))),
  };
}

const secondShare = ({ a, b }: Preference): number => 1 / (1 + Math.exp(a - b));

/**
 * The preference that an API's most likely first tokens show: an option that is not among them gets the lowest
 * log-probability seen minus 2.3, a tenth of its chance.
 *
 * Source   Long Code Arena's code at 5b1b564, module_summarization, scorer.py
 */
export function preferenceOf(logProbs: readonly { readonly token: string; readonly logProb: number }[]): Preference {
  const missing = logProbs.reduce((lowest, { logProb }) => Math.min(lowest, logProb), 0) - 2.3;
  const of = (option: string) => logProbs.findLast(({ token }) => token === option)?.logProb ?? missing;
  return { a: of("A"), b: of("B") };
}
