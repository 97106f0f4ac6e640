/** What an edit is worth in one language, from what the model said before and after. */
import { mean } from "#base";
import { classify, type ErrorClass, foreignNames, type JudgedAnswer } from "./error-classes.ts";
import { isSame, type Language, type SaidFact, type StudyFact } from "./fact.ts";
import type { Scored } from "./reader.ts";
import type { BothObjects, Reading } from "./reading.ts";

/** The numbers of one fact, edited in some languages and asked in one; null where nothing could be measured. */
export interface Numbers {
  /** EasyEdit's: the share of the new object's tokens that are the likeliest. */
  readonly reliability: number;
  /** The same, all tokens or none. */
  readonly reliabilityExact: number;
  /** Whether the written answer is the new object. */
  readonly reliabilityWritten: number;
  /** The new object's name in the language of the edit, behind this language's prompt; the best of several. */
  readonly reliabilitySource: number | null;
  /** The better of own name and that of the edit's language. */
  readonly reliabilityEither: number;
  readonly writtenEither: number;
  readonly generalization: number | null;
  readonly generalizationExact: number | null;
  readonly generalizationWritten: number | null;
  /** Tokens behind neighbours and unrelated prompts whose likeliest is the same as before. */
  readonly locality: number | null;
  readonly localityNeighbours: number | null;
  readonly localityUnrelated: number | null;
  /** EasyEdit's on one-hop questions. */
  readonly portability: number | null;
  readonly portabilityExact: number | null;
  /** CounterFact's, by probability: efficacy, paraphrase and neighbourhood, success and magnitude. */
  readonly es: number;
  readonly em: number;
  readonly ps: number | null;
  readonly pm: number | null;
  readonly ns: number | null;
  readonly nm: number | null;
  /** n-gram entropy of what is written on, in bits. */
  readonly fluency: number;
  /** What the edit added to log P(new object), a token, in nats. */
  readonly logGain: number;
}

/** The name of one number. */
export type NumberName = keyof Numbers;

/** One fact in one language, before and after. */
export interface Judged {
  readonly fact: StudyFact;
  /** The languages in which it was edited; none for M₀. */
  readonly edit: readonly Language[];
  readonly test: Language;
  readonly before: Reading;
  readonly after: Reading;
  readonly degenerate: number;
}

/** All numbers of one fact in one language. */
export function numbersOf({ fact, edit, test, before, after }: Judged): Numbers {
  const said = fact.said[test]!;
  const source = bestElsewhere(after, edit, test);
  const own = after.rewrite.newObject;
  const names = [said.newObject, ...edit.map((language) => fact.said[language]?.newObject ?? said.newObject)];
  const [written, ...paraphrased] = after.written;
  const near = unchanged(before.neighbours.map(old), after.neighbours.map(old));
  const far = unchanged(before.unrelated, after.unrelated);
  return {
    reliability: own.accuracy,
    reliabilityExact: own.exact,
    reliabilityWritten: Number(isSame(written!, said.newObject)),
    reliabilitySource: source,
    reliabilityEither: Math.max(own.accuracy, source ?? 0),
    writtenEither: Number(names.some((name) => isSame(written!, name))),
    generalization: meanOrNull(after.paraphrases.map(({ newObject }) => newObject.accuracy)),
    generalizationExact: meanOrNull(after.paraphrases.map(({ newObject }) => newObject.exact)),
    generalizationWritten: meanOrNull(paraphrased.map((text) => Number(isSame(text, said.newObject)))),
    locality: meanOrNull([...near, ...far]),
    localityNeighbours: meanOrNull(near),
    localityUnrelated: meanOrNull(far),
    portability: meanOrNull(after.hops.map((hop) => hop.after.accuracy)),
    portabilityExact: meanOrNull(after.hops.map((hop) => hop.after.exact)),
    ...counterfact(after),
    fluency: after.fluency,
    logGain: own.logProb - before.rewrite.newObject.logProb,
  };
}

/** The edit's own names of the new object; null where they are the test language's. */
function bestElsewhere({ elsewhere }: Reading, edit: readonly Language[], test: Language): number | null {
  const found = edit.flatMap((language) => (language === test ? [] : (elsewhere[language]?.accuracy ?? [])));
  return found.length === 0 ? null : Math.max(...found);
}

const old = ({ oldObject }: BothObjects): Scored => oldObject;
const meanOrNull = (numbers: readonly number[]): number | null => (numbers.length === 0 ? null : mean(numbers));

/** For each prompt the share of positions whose likeliest token has stayed. */
function unchanged(before: readonly Scored[], after: readonly Scored[]): number[] {
  return before.map(({ likeliest }, at) =>
    mean(likeliest.map((id, place) => Number(after[at]!.likeliest[place] === id))),
  );
}

const probability = ({ logProb }: Scored): number => Math.exp(logProb);
const gain = ({ newObject, oldObject }: BothObjects): number => probability(newObject) - probability(oldObject);

/** CounterFact's numbers of one case; its scores are means of these over cases. */
function counterfact({ rewrite, paraphrases, neighbours }: Reading) {
  const [gains, losses] = [paraphrases.map(gain), neighbours.map((near) => -gain(near))];
  const share = (numbers: readonly number[]) => meanOrNull(numbers.map((one) => Number(one > 0)));
  return {
    es: Number(gain(rewrite) > 0),
    em: gain(rewrite),
    ps: share(gains),
    pm: meanOrNull(gains),
    ns: share(losses),
    nm: meanOrNull(losses),
  };
}

/** What went wrong with one fact in one language. */
export function errorOf(judged: Judged): ErrorClass {
  return classify(judgedAnswer(judged));
}

function judgedAnswer({ fact, edit, test, before, after, degenerate }: Judged): JudgedAnswer {
  const said = fact.said[test]! as SaidFact;
  const names = Object.fromEntries(Object.entries(fact.said).map(([language, one]) => [language, one!.newObject]));
  return {
    answer: after.written[0]!,
    newObject: said.newObject,
    oldObject: said.oldObject,
    candidates: said.candidates,
    foreign: foreignNames(names, { edit, test }),
    isKnown: isKnown(before),
    isSpilt: after.neighbours.some(
      ({ newObject }, at) => newObject.exact === 1 && before.neighbours[at]!.newObject.exact === 0,
    ),
    degenerate,
  };
}

/** Whether greedy decoding gave the old object before the edit. */
export const isKnown = ({ rewrite }: Reading): boolean => rewrite.oldObject.exact === 1;
