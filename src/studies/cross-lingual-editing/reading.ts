/** Everything that a model says of one fact in one language. */
import { mean } from "#base";
import type { LanguageModel } from "#models";
import { filled, type Language, type SaidFact, type StudyFact } from "./fact.ts";
import { type Asked, readObjects, type Scored } from "./reader.ts";
import { writeAnswers } from "./writing.ts";

/** The new object and the old one behind one prompt. */
export interface BothObjects {
  readonly newObject: Scored;
  readonly oldObject: Scored;
}

/** One fact in one language, before an edit or after it. */
export interface Reading {
  readonly rewrite: BothObjects;
  /** The new object as other languages call it, behind this language's prompt. */
  readonly elsewhere: Readonly<Partial<Record<Language, Scored>>>;
  readonly paraphrases: readonly BothObjects[];
  readonly neighbours: readonly BothObjects[];
  readonly unrelated: readonly Scored[];
  readonly hops: readonly { readonly before: Scored; readonly after: Scored }[];
  /** The answer to the edit's prompt and to each paraphrase. */
  readonly written: readonly string[];
  readonly fluency: number;
}

/** Which facts are read, in which language, and whose names of the new object count. */
export interface ReadRequest {
  readonly fact: StudyFact;
  readonly language: Language;
  /** Languages whose name of the new object is tried behind this language's prompt. */
  readonly sources: readonly Language[];
}

/** Everything that is read of a request, in one order. */
function questionsOf({ fact, language, sources }: ReadRequest): Asked[] {
  const said = fact.said[language]!;
  const { newObject, oldObject } = said;
  const prompt = filled(said.prompt, said.subject);
  const both = (asked: string): Asked[] => [
    { prompt: asked, object: newObject },
    { prompt: asked, object: oldObject },
  ];
  return [
    ...both(prompt),
    ...others(sources, language).map((other) => ({ prompt, object: fact.said[other]!.newObject })),
    ...said.paraphrases.flatMap(both),
    ...said.neighbours.flatMap((near) => [{ prompt: near.prompt, object: newObject }, near]),
    ...said.unrelated,
    ...said.hops.flatMap((hop) => [hop.before, hop.after].map((object) => ({ prompt: hop.prompt, object }))),
  ];
}

const others = (sources: readonly Language[], language: Language): Language[] =>
  sources.filter((one) => one !== language);

/** Reads facts in languages with as few passes as they fit in. @throws AssayError CONTEXT_TOO_LONG */
export async function readFacts(
  model: LanguageModel,
  requests: readonly ReadRequest[],
  options: { readonly maxTokens: number },
): Promise<Reading[]> {
  const questions = requests.map(questionsOf);
  const scored = await readObjects(model, questions.flat());
  const prompts = requests.map(({ fact, language }) => promptsOf(fact.said[language]!));
  const written = await writeAnswers(model, prompts.flat(), options);
  const [takeScores, takeTexts] = [takingFrom(scored), takingFrom(written)];
  return requests.map((request, at) => {
    const own = takeScores(questions[at]!.length);
    const texts = takeTexts(prompts[at]!.length);
    const answers = { written: texts.map(({ text }) => text), fluency: mean(texts.map((one) => one.fluency)) };
    return { ...readingOf(request, own), ...answers };
  });
}

/** Gives a list's next items, so many at a time. */
function takingFrom<T>(list: readonly T[]): (count: number) => readonly T[] {
  let next = 0;
  return (count) => {
    next += count;
    return list.slice(next - count, next);
  };
}

/** The edit's prompt and its paraphrases. */
const promptsOf = ({ prompt, subject, paraphrases }: SaidFact): string[] => [filled(prompt, subject), ...paraphrases];

/** The scores of questionsOf(), by what they are for. */
function readingOf(
  { fact, language, sources }: ReadRequest,
  scores: readonly Scored[],
): Omit<Reading, "written" | "fluency"> {
  const said = fact.said[language]!;
  let next = 0;
  const take = (): Scored => scores[next++]!;
  const both = (): BothObjects => ({ newObject: take(), oldObject: take() });
  const rewrite = both();
  const elsewhere = Object.fromEntries(others(sources, language).map((other) => [other, take()]));
  return {
    rewrite,
    elsewhere,
    paraphrases: said.paraphrases.map(both),
    neighbours: said.neighbours.map(both),
    unrelated: said.unrelated.map(take),
    hops: said.hops.map(() => ({ before: take(), after: take() })),
  };
}
