import { splitTruth } from "./truth.ts";

/** An answer and what it is judged by. */
export interface Answered {
  /** K, the number of captions asked for. */
  readonly needles: number;
  /** As the official response file writes it: `"3, 2, 4"`, `"0, 0, 0"`, `"1, 2, 8; 10, 3, 5"`. */
  readonly truth: string;
  /** Null when nothing came back. */
  readonly response: string | null;
}

/** 1 for a hit and 0 for a miss; null where the metric does not apply, as index and exact do not to an absent needle. */
export type SampleScore = {
  readonly existence: number;
  readonly index: number | null;
  readonly exact: number | null;
  /** With several needles: the first one alone. */
  readonly firstIndex?: number | null;
  readonly firstExact?: number | null;
  /** With several needles: the share of hits among the `compared` ones. */
  readonly allIndex?: number | null;
  readonly allExact?: number | null;
  /** How many needles the answer was compared on: min(K, number of answers). */
  readonly compared?: number;
};

/** What the official scripts count for one answered sample, absent needles included. */
export interface OfficialHits {
  readonly positive: boolean;
  readonly existence: number;
  readonly index: number;
  readonly exact: number;
  readonly several?: SeveralHits;
}

/** What evaluate_multi.py counts besides, for K > 1. */
export interface SeveralHits {
  readonly firstIndex: number;
  readonly firstExact: number;
  readonly compared: number;
  readonly allIndex: number;
  readonly allExact: number;
}

/**
 * Judges one answer as the official scripts do: by comparing strings, without any parsing.
 *
 *     existence = [answer says absent] = [needle is absent]
 *     index     = [first field of the answer = picture number]
 *     exact     = [answer = "picture, row, column"]
 *
 * Anything but the exact sign of absence claims that the needle is there: prose, silence, "−1", "-1, -1, -1".
 *
 * Source   Wang et al. 2025, MMNeedle, §3.4 and Appendix B; evaluate.py and evaluate_multi.py at commit debcaae
 *
 * @returns null when no answer came
 * @example scoreSample({ needles: 1, truth: "3, 2, 4", response: "3, 9, 9" }) // index right, exact wrong
 * @throws AssayError TRUTH_MALFORMED
 */
export function scoreSample(answered: Answered): SampleScore | null {
  const hits = countHits(answered);
  if (hits === null) return null;
  const { positive, existence, index, exact, several } = hits;
  const whenPresent = (value: number): number | null => (positive ? value : null);
  const one = { existence, index: whenPresent(index), exact: whenPresent(exact) };
  if (several === undefined) return one;
  return {
    ...one,
    firstIndex: whenPresent(several.firstIndex),
    firstExact: whenPresent(several.firstExact),
    allIndex: whenPresent(several.allIndex / several.compared),
    allExact: whenPresent(several.allExact / several.compared),
    compared: several.compared,
  };
}

/** The counts behind `scoreSample`, null when no answer came. @throws AssayError TRUTH_MALFORMED */
export function countHits({ needles, truth, response }: Answered): OfficialHits | null {
  const truths = splitTruth(truth, needles);
  if (response === null) return null;
  const answer = normalize(response);
  return needles === 1 ? judgeOne(answer, truths[0]!) : judgeSeveral(answer, truths);
}

function judgeOne(answer: string, truth: string): OfficialHits {
  const picture = firstField(truth);
  const positive = picture !== "0";
  return {
    positive,
    existence: hit((answer === "-1") !== positive),
    index: hit(firstField(answer) === picture),
    exact: hit(answer === (positive ? truth : "-1")),
  };
}

function judgeSeveral(answer: string, truths: readonly string[]): OfficialHits {
  const answers = splitAnswers(answer);
  const rejoined = answers.join("; ");
  const positive = firstField(truths[0]!) !== "0"; // as the script: the first needle speaks for all
  const sameIndex = truths.map((truth, at) => at in answers && firstField(truth) === firstField(answers[at]!));
  const sameCell = truths.map((truth, at) => truth === answers[at]);
  return {
    positive,
    existence: hit(signsOfAbsence(truths.length).includes(rejoined) !== positive),
    index: hit(answers.length === truths.length && sameIndex.every(Boolean)),
    exact: hit(rejoined === (positive ? truths.join("; ") : "-1")),
    several: {
      firstIndex: hit(sameIndex[0]!),
      firstExact: hit(sameCell[0]!),
      compared: Math.min(truths.length, answers.length),
      allIndex: sameIndex.filter(Boolean).length,
      allExact: sameCell.filter(Boolean).length,
    },
  };
}

/** How several absent needles may be signed; "-1;-1" and one "-1" a line are not among them. */
export function signsOfAbsence(needles: number): readonly string[] {
  const repeated = (sign: string, joint: string): string => Array(needles).fill(sign).join(joint);
  return ["-1", repeated("-1", "; "), repeated("-1", ", "), repeated("-1, -1, -1", "; "), repeated("-1", "")];
}

const hit = (right: boolean): number => (right ? 1 : 0);

const firstField = (part: string): string => part.split(", ", 1)[0]!;

/** The answers for several needles, one for each part between "; ". */
export const splitAnswers = (answer: string): readonly string[] => answer.split("; ").map(pythonStrip);

/** Removes line feeds, then spaces, full stops and spaces again at both ends. */
export function normalize(response: string): string {
  return pythonStrip(stripEnds(pythonStrip(response.replaceAll("\n", "")), "."));
}

// Python's whitespace: unlike that of trim(), it holds the separators 1C to 1F and 85 and lacks the byte order mark.
const SPACES =
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

const pythonStrip = (text: string): string => stripEnds(text, SPACES);

/** Python's `strip(characters)`, in linear time whatever the model wrote. */
function stripEnds(text: string, characters: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && characters.includes(text[start]!)) start++;
  while (end > start && characters.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
}
