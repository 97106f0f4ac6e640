import table from "./facts.json" with { type: "json" };

/** The languages of the atlas, in the order of the names in its table. */
export const atlasLanguages = ["en", "de", "fr", "it", "es", "hi", "ta", "kn"] as const;
/** One of the atlas's languages. */
export type AtlasLanguage = (typeof atlasLanguages)[number];

/** What the atlas knows of a country, and of a language the script that it is written in. */
export const atlasRelations = ["language", "currency", "region", "weekStart", "population", "script"] as const;
/** One of the atlas's relations. */
export type AtlasRelation = (typeof atlasRelations)[number];

/** A name in every language. */
export type AtlasNames = Readonly<Record<AtlasLanguage, string>>;

/** One fact, true in every language. */
export interface AtlasFact {
  /** `currency/CH` */
  readonly id: string;
  readonly relation: AtlasRelation;
  /** What it is about: a country's or a language's code. */
  readonly subject: string;
  /** The answer's code: a currency's, a region's, a script's … */
  readonly answer: string;
  readonly subjectNames: AtlasNames;
  readonly answerNames: AtlasNames;
}

/** What the table was made from: versions of CLDR, ICU and Node. */
export const atlasSource: Readonly<Record<string, string>> = table.generated.versions;

type NameTable = Readonly<Record<string, readonly string[]>>;

/** Every fact, in the order of relations and codes; the table is committed, so it does not move with Node. */
export function atlasFacts(): AtlasFact[] {
  return atlasRelations.flatMap((relation) => {
    const { facts, answers } = table.relations[relation] as { facts: Record<string, string>; answers: NameTable };
    const subjects: NameTable = relation === "script" ? table.subjects.language : table.subjects.country;
    return Object.entries(facts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([subject, answer]) => ({
        id: `${relation}/${subject}`,
        relation,
        subject,
        answer,
        subjectNames: namesOf(subjects[subject]!),
        answerNames: namesOf(answers[answer]!),
      }));
  });
}

const namesOf = (names: readonly string[]): AtlasNames =>
  Object.fromEntries(atlasLanguages.map((language, at) => [language, names[at]!])) as unknown as AtlasNames;
