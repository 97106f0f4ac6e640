/** Answers that failed before anything could be measured: they count as failures, and are shown. */
import type { Score } from "#base";

/** How a failed answer failed; all are 0 for one that could be judged. */
export interface Failure extends Score {
  /** Nothing came, or nothing but white space. */
  readonly missing: number;
  /** Something came in which the asked form was not found. */
  readonly unparsed: number;
  /** The subject declined in words. */
  readonly refused: number;
}

/** The names of the three, in the order in which they are looked for. */
export const failures = ["missing", "refused", "unparsed"] as const satisfies readonly (keyof Failure)[];

const declines =
  /^\W*(?:i(?:['’]m| am) (?:really |very )?(?:sorry|afraid)|sorry\b|i apologi[sz]e|(?:unfortunately,? )?i (?:can(?:not|['’]t)|could not|am unable|['’]m unable|must decline|will not|won['’]t|do not feel)|as an? (?:responsible |ethical )?(?:ai|language model))/i;

/** Whether an answer begins by declining: moral grounds, or that it cannot. */
export const isRefusal = (answer: string): boolean => declines.test(answer.slice(0, 200));

/** What an answer failed by, if it did; `parsed` says whether the asked form was found. */
export function failureOf(response: string | null, parsed: (text: string) => boolean): Failure {
  const text = response ?? "";
  const missing = text.trim() === "";
  const found = !missing && parsed(text);
  const refused = !missing && !found && isRefusal(text);
  return { missing: Number(missing), refused: Number(refused), unparsed: Number(!missing && !refused && !found) };
}

/** Whether an answer failed. */
export const hasFailed = ({ missing, refused, unparsed }: Failure): boolean => missing + refused + unparsed > 0;
