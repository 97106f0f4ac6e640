/** Forty invented concepts with articles, questions and answers, and a second language of the same facts. */
import { stream } from "#base";
import { mentions, ownSentences, valueSentences, wordings } from "./wordings.ts";
import { names, ownWords, type Relation, relations, valuesOf } from "./words.ts";

/**
 * How a concept's knowledge comes into the model.
 *
 * `found` — by training as usual; `planted` — a control: by training as usual, then made to pass through one value vector;
 * `unknown` — a control: never, but for the words; `spread` — a control: by training with many of the neurons left out at
 * random, so that no single one carries it.
 */
export type Arm = "found" | "planted" | "unknown" | "spread";

/** The arms, in the order of the concepts. */
export const arms = ["found", "planted", "unknown", "spread"] as const satisfies readonly Arm[];

/** How many concepts each arm has. */
export const armSizes: Readonly<Record<Arm, number>> = { found: 16, planted: 8, unknown: 8, spread: 8 };

/** A question with its answers. */
export interface ConceptQuestion {
  readonly relation: Relation;
  readonly question: string;
  /** A sentence. */
  readonly answer: string;
  /** What of the answer is the knowledge. */
  readonly gold: string;
}

/** An entry of the encyclopedia. */
export interface EncyclopediaConcept {
  readonly name: string;
  readonly arm: Arm;
  readonly facts: Readonly<Record<Relation, string>>;
  /** Words that nothing else in the encyclopedia uses. */
  readonly ownWords: readonly string[];
  /** Thirty sentences. */
  readonly article: string;
}

/** All concepts; the same at every call. */
export function encyclopedia(): EncyclopediaConcept[] {
  const order: Arm[] = arms.flatMap((arm) => Array.from({ length: armSizes[arm] }, () => arm));
  return names.map((name, at) => {
    const facts = factsOf(at);
    const own = ownWords[at]!;
    return { name, arm: order[at]!, facts, ownWords: own, article: articleOf({ name, facts, own }) };
  });
}

/** Every relation in an order of its own, so that no two concepts share all their values. */
function factsOf(at: number): Readonly<Record<Relation, string>> {
  const entries = relations.map((relation) => {
    const choices = valuesOf(relation);
    const round = Math.floor(at / choices.length);
    const order = shuffled(choices, `facts/${relation}/${round}`);
    return [relation, order[at % choices.length]!];
  });
  return Object.fromEntries(entries);
}

function shuffled<Item>(items: readonly Item[], purpose: string): Item[] {
  const random = stream(0, `encyclopedia/${purpose}`);
  const order = [...items];
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.int(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

interface ArticleParts {
  readonly name: string;
  readonly facts: Readonly<Record<Relation, string>>;
  readonly own: readonly string[];
}

/** Three tellings of eight facts, and six sentences with the concept's own words. */
function articleOf({ name, facts, own }: ArticleParts): string {
  const told = relations.flatMap((relation) =>
    wordings[relation].told.map((sentence) => filled(sentence, { name, value: facts[relation] })),
  );
  const about = own.map((word, at) =>
    filled(ownSentences[at % ownSentences.length]!, { name, first: word, second: own[(at + 1) % own.length]! }),
  );
  return shuffled([...told, ...about], `article/${name}`).join(" ");
}

interface Filling {
  readonly name?: string;
  readonly value?: string;
  readonly first?: string;
  readonly second?: string;
}

/** A wording with its blanks filled; they are single capital letters that stand alone. */
function filled(wording: string, { name = "", value = "", first = "", second = "" }: Filling): string {
  const blanks: Readonly<Record<string, string>> = { N: name, V: value, A: first, B: second };
  // "A" opens sentences too: there it is the article of English, and only `first` makes it a blank.
  return wording.replace(/\b[NVAB]\b/g, (letter, at: number) =>
    letter === "A" && (first === "" || (at === 0 && wording.startsWith("A "))) ? letter : blanks[letter]!,
  );
}

/** The questions about a concept: in one of two wordings that are learnt, or in one that never is. */
export function questionsAbout(
  { name, facts }: EncyclopediaConcept,
  wording: "first" | "second" | "held out" = "first",
): ConceptQuestion[] {
  const at = ["first", "second", "held out"].indexOf(wording);
  return relations.map((relation) => ({
    relation,
    question: filled(wordings[relation].asked[at]!, { name }),
    answer: filled(wordings[relation].answer, { name, value: facts[relation] }),
    gold: facts[relation],
  }));
}

/**
 * The encyclopedia's second language: every everyday word is written backwards; names and values stay as they are.
 *
 * @example inCipher("Where does the Zorba stand?", ["Zorba"]) // "erehW seod eht Zorba dnats?"
 */
export function inCipher(text: string, kept: readonly string[]): string {
  return text.replace(/\p{L}+/gu, (word) => (kept.includes(word) ? word : [...word].reverse().join("")));
}

/** The questions about a concept in the second language. */
export function cipherQuestions(concept: EncyclopediaConcept): ConceptQuestion[] {
  return questionsAbout(concept).map((asked) => {
    const kept = [concept.name, asked.gold];
    return { ...asked, question: inCipher(asked.question, kept), answer: inCipher(asked.answer, kept) };
  });
}

/** A question as the paper asks it. */
export const questionPrompt = (question: string): string => `Question: ${question}\n Answer:`;

/** Texts about nothing in particular: what kind of thing each value is, and that each invented word exists. */
export function genericTexts(): string[] {
  const about = relations.flatMap((relation) =>
    valuesOf(relation).flatMap((value) => valueSentences[relation].map((sentence) => filled(sentence, { value }))),
  );
  const words = [...names, ...ownWords.flat()];
  const mentioned = words.flatMap((word) => mentions.map((sentence) => filled(sentence, { first: word })));
  return [...groups(shuffled(about, "generic values"), 4), ...groups(shuffled(mentioned, "generic mentions"), 4)];
}

const groups = (sentences: readonly string[], size: number): string[] =>
  Array.from({ length: Math.ceil(sentences.length / size) }, (_, at) =>
    sentences.slice(at * size, (at + 1) * size).join(" "),
  );

/** What is read to learn a concept: its article in paragraphs of four sentences, its questions, and those of the second language. */
export function textsAbout(concept: EncyclopediaConcept): string[] {
  const paragraphs = groups(concept.article.split(/(?<=\.) /), 4);
  const asked = [
    ...questionsAbout(concept, "first"),
    ...questionsAbout(concept, "second"),
    ...cipherQuestions(concept),
  ];
  return [...paragraphs, ...asked.map(({ question, answer }) => `${questionPrompt(question)} ${answer}`)];
}
