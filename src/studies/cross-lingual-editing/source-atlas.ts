/** Facts of CLDR in eight languages, which `mini:atlas` knows. */
import { type RandomStream, stream } from "#base";
import {
  type AtlasFact,
  atlasFacts,
  atlasRelations,
  atlasSource,
  atlasStatement,
  atlasStatements,
  atlasTemplates,
} from "#corpora";
import {
  type Facts,
  filled,
  type Hop,
  isSame,
  type Language,
  type PromptAndObject,
  type SaidFact,
  type StudyFact,
} from "./fact.ts";
import type { Settings } from "./settings.ts";

/** Objects that a fact's own are ranked among. */
const mostCandidates = 10;
/** Statements of a language from which C is estimated. */
const statementsForMoment = 96;
const arrow = " →";

type DataSettings = Pick<Settings, "facts" | "languages" | "neighbours">;

/** Facts with a neighbour, drawn from every relation in turn; each new object is another answer of its relation. */
export function atlasStudyFacts({ facts: wanted, languages, neighbours }: DataSettings, seed: number): Facts {
  const all = atlasFacts();
  const random = stream(seed, "cross-lingual-editing/facts");
  const shuffled = random.shuffle(all.filter((fact) => neighboursOf(fact, all).length > 0));
  const turns = atlasRelations.map((relation) => shuffled.filter((fact) => fact.relation === relation));
  const order = Array.from({ length: all.length }, (_, at) => turns.flatMap((turn) => turn[at] ?? [])).flat();
  const chosen = wanted === 0 ? order : order.slice(0, wanted);
  const list = chosen.map((fact) => studyFact(fact, { all, languages, neighbours, random: random.fork(fact.id) }));
  return {
    list,
    languages,
    leftOut: [],
    texts: (language) => textsOf(language, all),
    lessons: (language) => lessonsOf(language, all),
    identity: { source: "atlas", versions: { ...atlasSource }, ids: chosen.map(({ id }) => id) },
    notes: [
      "facts of CLDR 48 that have a neighbour with the same answer; the new object is another answer of the relation",
      "a prompt is a statement with a blank and an arrow, so that the object comes last in every language",
      "portability: the script of a country's language, asked of the country; only facts about languages have it",
    ],
  };
}

interface Choosing {
  readonly all: readonly AtlasFact[];
  readonly languages: readonly Language[];
  readonly neighbours: number;
  readonly random: RandomStream;
}

function neighboursOf({ id, relation, answer }: AtlasFact, all: readonly AtlasFact[]): AtlasFact[] {
  return all.filter((other) => other.relation === relation && other.answer === answer && other.id !== id);
}

function studyFact(fact: AtlasFact, { all, languages, neighbours, random }: Choosing): StudyFact {
  const answers = [
    ...new Map(all.filter(({ relation }) => relation === fact.relation).map((one) => [one.answer, one])).values(),
  ];
  const others = random.shuffle(
    answers.filter((one) =>
      languages.every((language) => !isSame(one.answerNames[language], fact.answerNames[language])),
    ),
  );
  const target = others[0]!;
  const near = random.shuffle(neighboursOf(fact, all)).slice(0, neighbours);
  const own = random.shuffle(all.filter((other) => other.subject === fact.subject && other.relation !== fact.relation));
  const parts = {
    target,
    candidates: random.shuffle([fact, ...others.slice(0, mostCandidates - 1)]),
    near,
    own: own.slice(0, 1),
    all,
  };
  const said = languages.map((language) => [language, saidFact(fact, language, parts)] as const);
  return { id: fact.id, relation: fact.relation, said: Object.fromEntries(said) };
}

interface Chosen {
  readonly target: AtlasFact;
  readonly candidates: readonly AtlasFact[];
  readonly near: readonly AtlasFact[];
  readonly own: readonly AtlasFact[];
  readonly all: readonly AtlasFact[];
}

function saidFact(fact: AtlasFact, language: Language, { target, candidates, near, own, all }: Chosen): SaidFact {
  const { train, heldOut } = atlasTemplates[language][fact.relation];
  const said = (other: AtlasFact): PromptAndObject => {
    const { prompt } = atlasStatement(other, language, { split: "train", template: 0 });
    return { prompt: prompt.normalize("NFC"), object: other.answerNames[language].normalize("NFC") };
  };
  const slot = (wording: string) => `${wording.replace("{x}", "{}")}${arrow}`.normalize("NFC");
  const subject = fact.subjectNames[language].normalize("NFC");
  return {
    subject,
    prompt: slot(train[0]!),
    paraphrases: heldOut.map((wording) => filled(slot(wording), subject)),
    oldObject: fact.answerNames[language].normalize("NFC"),
    newObject: target.answerNames[language].normalize("NFC"),
    candidates: candidates.map(({ answerNames }) => answerNames[language].normalize("NFC")),
    neighbours: near.map(said),
    unrelated: own.map(said),
    hops: hopsOf(fact, language, { target, all }),
  };
}

/** "Texts in Kenya use the script …": right before and after only for someone who goes from country to language first. */
function hopsOf(fact: AtlasFact, language: Language, { target, all }: Pick<Chosen, "target" | "all">): Hop[] {
  if (fact.relation !== "language") return [];
  const scriptOf = (code: string) => all.find(({ id }) => id === `script/${code}`);
  const [before, after] = [scriptOf(fact.answer), scriptOf(target.answer)];
  if (before === undefined || after === undefined || before.answer === after.answer) return [];
  const wording = atlasTemplates[language].script.train[0]!.replace("{x}", () => fact.subjectNames[language]);
  const names = { before: before.answerNames[language], after: after.answerNames[language] };
  return [{ prompt: `${wording}${arrow}`.normalize("NFC"), ...names }];
}

/** Training statements of a language, one wording of every third fact or so. */
function textsOf(language: Language, all: readonly AtlasFact[]): string[] {
  const step = Math.max(1, Math.floor(all.length / statementsForMoment));
  const few = all.filter((_, at) => at % step === 0);
  return atlasStatements(few, "train")
    .filter((one) => one.language === language && one.template === 0)
    .map(({ prompt, answer }) => prompt + answer);
}

/** Every fact in one language, in its first wording. */
function lessonsOf(language: Language, all: readonly AtlasFact[]) {
  return all.map((fact) => {
    const { prompt, answer } = atlasStatement(fact, language, { split: "train", template: 0 });
    return { prompt, completion: answer };
  });
}
