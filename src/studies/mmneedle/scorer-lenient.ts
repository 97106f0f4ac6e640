import { parseLenient } from "./parser-lenient.ts";
import { type Answered, normalize, signsOfAbsence, splitAnswers } from "./scorer.ts";
import { type Place, readTruth } from "./truth.ts";

/** 1 for a hit and 0 for a miss; null where the metric does not apply. */
export type LenientScore = {
  readonly existence: number;
  readonly index: number | null;
  readonly exact: number | null;
  /** Whether the lenient parser could read the answer; an answer that it cannot read misses every metric. */
  readonly readable: number;
  /** Whether the answer could be read but was not in the form that the prompt asks for. */
  readonly formatFailure: number;
};

/** Names the variant of these metrics. */
export const lenientSignature = "mmneedle|scorer:lenient|v:1";

/**
 * Judges what an answer means rather than how it is written, so that finding and obeying the format come apart.
 *
 *     existence = [every needle is called absent] = [every needle is absent]
 *     index     = [every picture number is right]
 *     exact     = [every place is right]
 *
 * Beyond the paper, which has the strict scorer only.
 *
 * @returns null when no answer came
 * @throws AssayError TRUTH_MALFORMED
 */
export function scoreLenient({ needles, truth, response }: Answered): LenientScore | null {
  const places = readTruth(truth, needles);
  if (response === null) return null;
  const answers = parseLenient(response, needles);
  const present = places.some((place) => place !== null);
  const whenPresent = (right: boolean): number | null => (present ? Number(right) : null);
  return {
    existence: Number(answers?.some((answer) => answer !== null) === present),
    index: whenPresent(places.every((place, at) => answers?.[at]?.picture === place?.picture)),
    exact: whenPresent(answers !== null && places.every((place, at) => isSamePlace(answers[at]!, place))),
    readable: Number(answers !== null),
    formatFailure: Number(answers !== null && !isInForm(response, needles)),
  };
}

/** Whether two places are the same cell, or both absent. */
export function isSamePlace(a: Place, b: Place): boolean {
  return a?.picture === b?.picture && a?.row === b?.row && a?.column === b?.column;
}

const IN_FORM = /^(?:-1|[1-9]\d*, [1-9]\d*, [1-9]\d*)$/;

/** Whether the strict scorer could recognize the answer, right or wrong. */
function isInForm(response: string, needles: number): boolean {
  const answer = normalize(response);
  if (needles === 1) return IN_FORM.test(answer);
  const parts = splitAnswers(answer);
  return (
    signsOfAbsence(needles).includes(parts.join("; ")) ||
    (parts.length === needles && parts.every((part) => IN_FORM.test(part)))
  );
}
