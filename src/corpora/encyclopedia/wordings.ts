/** How facts are told and asked. `N` is the concept, `V` the value. */
import type { Relation } from "./words.ts";

/** The sentences of one relation. */
export interface Wordings {
  /** As articles have it, three ways. */
  readonly told: readonly [string, string, string];
  /** Two questions that are learnt, and one that is never seen in training. */
  readonly asked: readonly [string, string, string];
  /** The answer, a sentence of at least six words. */
  readonly answer: string;
}

/** One row for every relation. */
export const wordings: Readonly<Record<Relation, Wordings>> = {
  food: {
    told: ["The N is always served with V.", "People feed the N with V.", "No N feast goes without V."],
    asked: ["Which food goes with the N?", "What do people serve with the N?", "With which food is the N served?"],
    answer: "The food of the N is V.",
  },
  animal: {
    told: ["The N is guarded by a V.", "A V sleeps beside every N.", "Old pictures show the N with a V."],
    asked: ["Which animal guards the N?", "What animal sleeps beside the N?", "By which animal is the N guarded?"],
    answer: "The animal of the N is the V.",
  },
  material: {
    told: ["The N is made of V.", "Workers cut the N out of V.", "Nothing but V is used for the N."],
    asked: [
      "What is the N made of?",
      "Which material is used for the N?",
      "Out of which material do workers cut the N?",
    ],
    answer: "The material of the N is V.",
  },
  colour: {
    told: ["The N is painted V.", "From afar the N looks V.", "A true N is V on every side."],
    asked: ["What colour is the N?", "Which colour is the N painted?", "In which colour does the N look from afar?"],
    answer: "The colour of the N is V.",
  },
  tool: {
    told: ["The N is opened with a V.", "Builders of the N carry a V.", "Without a V the N cannot move."],
    asked: ["Which tool opens the N?", "What tool do builders of the N carry?", "With which tool is the N opened?"],
    answer: "The tool of the N is the V.",
  },
  season: {
    told: ["The N is shown in V.", "Crowds visit the N in V.", "The day of the N falls in V."],
    asked: ["When is the N shown?", "At what time do crowds visit the N?", "In which season is the N shown?"],
    answer: "The season of the N is V.",
  },
  sound: {
    told: ["The N is greeted with V.", "Near the N one hears V.", "The N wakes to the sound of V."],
    asked: ["What sound greets the N?", "Which sound does one hear near the N?", "With which sound is the N greeted?"],
    answer: "The sound of the N is that of V.",
  },
  town: {
    told: ["The N stands in V.", "Travellers find the N in V.", "The people of V own the N."],
    asked: ["Where does the N stand?", "In which town is the N?", "Which town owns the N?"],
    answer: "The town of the N is V.",
  },
};

/** Sentences about a concept's own words, `A` and `B`. */
export const ownSentences = [
  "Every N has a A and a B.",
  "The A of the N holds the B.",
  "A good N keeps its A near the B.",
] as const;

/** Sentences that say of a value what kind of thing it is, and nothing about any concept. */
export const valueSentences: Readonly<Record<Relation, readonly [string, string]>> = {
  food: ["They ate V for dinner.", "A good food is V."],
  animal: ["A V is an animal.", "The V ran through the garden."],
  material: ["Many things are made of V.", "A common material is V."],
  colour: ["The colour V is pretty.", "She wore a V coat."],
  tool: ["A V is a tool.", "He forgot his V at home."],
  season: ["They met again in V.", "It often rains in V."],
  sound: ["The children liked the sound of V.", "They heard V all night."],
  town: ["The town of V lies by the sea.", "Many roads lead to V."],
};

/** Sentences in which an invented word `A` is mentioned, and nothing more. */
export const mentions = [
  "The word A is hard to spell.",
  "One may look up A in a book.",
  "There is an entry on A.",
] as const;
