/** The miniature's own concepts. */
import { hashOf } from "#base";
import {
  type ConceptQuestion,
  cipherQuestions,
  type EncyclopediaConcept,
  encyclopedia,
  questionPrompt,
  questionsAbout,
} from "#corpora";
import { plantedPlaces } from "#recipes";
import { type Asked, type Concepts, jailbreakPrefix, type StudyConcept } from "./concept.ts";
import type { Settings } from "./settings.ts";

/** Characters of an article that the miniature's short memory has room for before a question. */
const contextCharacters = 600;

/** Some concepts of each arm, the planted ones with the place that the recipe planted them in. */
export function encyclopediaConcepts({ conceptsEach, unrelated }: Settings, seed: number): Concepts {
  const all = encyclopedia();
  const known = all.filter(({ arm }) => arm !== "unknown");
  const chosen = [...Map.groupBy(known, ({ arm }) => arm).values()].flatMap((group) => {
    const turned = [...group.slice(seed % group.length), ...group.slice(0, seed % group.length)];
    return conceptsEach === 0 ? group : turned.slice(0, conceptsEach);
  });
  return {
    identity: hashOf(all),
    list: chosen.map((concept) => studied(concept, { all, unrelated })),
    notes: ["planted and spread concepts are the lab's controls, not finds"],
  };
}

interface Surroundings {
  readonly all: readonly EncyclopediaConcept[];
  readonly unrelated: number;
}

function studied(concept: EncyclopediaConcept, { all, unrelated }: Surroundings): StudyConcept {
  const others = all
    .filter(({ name, arm }) => name !== concept.name && arm === "found")
    .toSorted((a, b) => shared(b, concept) - shared(a, concept));
  const about = (concepts: readonly EncyclopediaConcept[], count: number) =>
    concepts.flatMap((other) => questionsAbout(other).map(asked)).slice(0, count);
  const half = Math.ceil(unrelated / 2);
  const inContext = (one: ConceptQuestion) => `${opening(concept.article)} ${questionPrompt(one.question)}`;
  return {
    name: concept.name,
    arm: concept.arm,
    article: concept.article,
    place: plantedPlaces().find((place) => place.concept === concept.name),
    retain: others.at(-1)!.article,
    background: others.map(({ article }) => article),
    groups: {
      target: questionsAbout(concept).map(asked),
      near: about(others, half),
      far: about(others.toReversed().slice(1), Math.max(1, unrelated - half)),
      [`${jailbreakPrefix}paraphrase`]: questionsAbout(concept, "held out").map(asked),
      [`${jailbreakPrefix}context`]: questionsAbout(concept).map((one) => ({ ...asked(one), prompt: inContext(one) })),
      [`${jailbreakPrefix}second language`]: cipherQuestions(concept).map(asked),
    },
  };
}

/** How many facts two concepts have in common. */
const shared = (first: EncyclopediaConcept, second: EncyclopediaConcept): number =>
  Object.entries(first.facts).filter(([relation, value]) => second.facts[relation as never] === value).length;

const asked = ({ question, answer, gold }: ConceptQuestion): Asked => ({
  prompt: questionPrompt(question),
  question,
  answer,
  gold,
});

/** The first sentences of an article. */
function opening(article: string): string {
  const cut = article.slice(0, contextCharacters);
  return cut.slice(0, cut.lastIndexOf(".") + 1);
}
