/** One small world, spoken of in two invented tongues that share what their knobs say. */
import { type RandomStream, stream } from "#base";
import type { TongueKnobs } from "./knobs.ts";
import { WordMaker } from "./words.ts";

/** The two tongues. */
export const tongueNames = ["A", "B"] as const;
/** One of them. */
export type Tongue = (typeof tongueNames)[number];

/** One fact of the world. */
export interface TongueFact {
  readonly id: string;
  readonly relation: number;
  readonly subject: number;
  /** Which of the relation's answers is right. */
  readonly answer: number;
}

/** One tongue's words for the world. */
export interface TongueWords {
  readonly subjects: readonly string[];
  /** By relation. */
  readonly answers: readonly (readonly string[])[];
  /** By relation, several ways to ask; `{}` is the subject. The last is never said in training. */
  readonly wordings: readonly (readonly string[])[];
}

/** A world and what is said of it. */
export interface Tongues {
  readonly facts: readonly TongueFact[];
  readonly words: Readonly<Record<Tongue, TongueWords>>;
  /** What a model is taught: prompts and what follows them, in both tongues, translations among them. */
  readonly lessons: readonly { readonly prompt: string; readonly completion: string }[];
}

/** How a world is made. */
export interface TonguesOptions {
  /** Facts, each said in both tongues. */
  readonly facts: number;
  readonly knobs: TongueKnobs;
  /** Decides words and answers. */
  readonly seed: number;
}

const relations = 2;
const answersEach = 6;
const wordingsEach = 3;
const arrow = " →";

/** Makes a world: facts, their words in both tongues, and lessons. Equal options give equal worlds. */
export function tongues({ facts: count, knobs, seed }: TonguesOptions): Tongues {
  const random = stream(seed, "tongues");
  const facts = Array.from({ length: count }, (_, at): TongueFact => {
    const [subject, relation] = [Math.floor(at / relations), at % relations];
    return { id: `${relation}/${subject}`, relation, subject, answer: random.fork(`answer/${at}`).int(answersEach) };
  });
  const subjects = Math.ceil(count / relations);
  const maker = new WordMaker(random.fork("words"));
  const first = ownWords(maker, { subjects, alphabet: "first", order: "inside" });
  const own = ownWords(maker, {
    subjects,
    alphabet: knobs.sharedScript ? "first" : "second",
    order: knobs.sharedOrder ? "inside" : "first",
  });
  const words = { A: first, B: sharing(own, first, { knobs, random: random.fork("shared") }) };
  return { facts, words, lessons: lessonsOf(facts, words, { knobs, random: random.fork("lessons") }) };
}

interface OwnWords {
  readonly subjects: number;
  readonly alphabet: "first" | "second";
  /** Whether a sentence begins with the subject, or has it inside. */
  readonly order: "first" | "inside";
}

function ownWords(maker: WordMaker, { subjects, alphabet, order }: OwnWords): TongueWords {
  const word = (syllables: number) => maker.draw(syllables, alphabet);
  const wording = () => {
    const [before, after] = [word(1), word(1)];
    return order === "inside" ? `${before} {} ${after}${arrow}` : `{} ${after} ${before}${arrow}`;
  };
  const each = <T>(length: number, make: () => T) => Array.from({ length }, make);
  return {
    subjects: each(subjects, () => word(2)),
    answers: each(relations, () => each(answersEach, () => word(2))),
    wordings: each(relations, () => each(wordingsEach, wording)),
  };
}

interface Sharing {
  readonly knobs: TongueKnobs;
  readonly random: RandomStream;
}

/** The second tongue, with the first one's names for as many subjects and answers as are shared. */
function sharing(own: TongueWords, first: TongueWords, { knobs, random }: Sharing): TongueWords {
  const shared = (count: number, share: number, name: string) =>
    new Set(
      random
        .fork(name)
        .shuffle([...Array(count).keys()])
        .slice(0, Math.round(share * count)),
    );
  const subjects = shared(own.subjects.length, knobs.sharedSubjects, "subjects");
  return {
    ...own,
    subjects: own.subjects.map((word, at) => (subjects.has(at) ? first.subjects[at]! : word)),
    answers: own.answers.map((list, relation) => {
      const answers = shared(list.length, knobs.sharedAnswers, `answers/${relation}`);
      return list.map((word, at) => (answers.has(at) ? first.answers[relation]![at]! : word));
    }),
  };
}

/** A fact asked in one wording of a tongue. */
export function tonguePrompt({ wordings, subjects }: TongueWords, fact: TongueFact, wording: number): string {
  return wordings[fact.relation]![wording]!.replace("{}", subjects[fact.subject]!);
}

/** The wording that is never said in training. */
export const heldOutWording = wordingsEach - 1;

function lessonsOf(
  facts: readonly TongueFact[],
  words: Tongues["words"],
  { knobs, random }: Sharing,
): Tongues["lessons"] {
  const said = new Set(random.shuffle(facts).slice(0, Math.round(knobs.share * facts.length)));
  const statements = tongueNames.flatMap((tongue) =>
    facts.flatMap((fact) => {
      if (tongue === "B" && !said.has(fact)) return [];
      const completion = ` ${words[tongue].answers[fact.relation]![fact.answer]!}`;
      return Array.from({ length: heldOutWording }, (_, wording) => ({
        prompt: tonguePrompt(words[tongue], fact, wording),
        completion,
      }));
    }),
  );
  return [...statements, ...translations(words, knobs.parallel)];
}

/** "name ~ name", both ways, as often as the knob says. */
function translations({ A, B }: Tongues["words"], amount: number): Tongues["lessons"] {
  const pairs = [
    ...A.subjects.map((word, at) => [word, B.subjects[at]!]),
    ...A.answers.flatMap((list, relation) => list.map((word, at) => [word, B.answers[relation]![at]!])),
  ];
  const once = pairs.flatMap(([a, b]) => [
    { prompt: `${a} ~`, completion: ` ${b}` },
    { prompt: `${b} ~`, completion: ` ${a}` },
  ]);
  return Array.from({ length: Math.round(amount * heldOutWording) }, () => once).flat();
}
