/**
 * Writes src/corpora/atlas/facts.json: names from the ICU of this Node, relations from the package cldr-core.
 *
 *     node scripts/corpora/atlas-facts.ts
 */
import { readFileSync, writeFileSync } from "node:fs";

const languages = ["en", "de", "fr", "it", "es", "hi", "ta", "kn"] as const;
const smallestTerritory = 50_000;
const languageCount = 200;

type Names = Record<string, string[]>;
type Kind = "region" | "language" | "script" | "currency";

const supplemental = (name: string) => {
  const path = new URL(`../../node_modules/cldr-core/supplemental/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")).supplemental;
};

interface Territory {
  readonly _population: string;
  readonly languagePopulation?: Readonly<Record<string, { readonly _populationPercent: string }>>;
}

const territories: Readonly<Record<string, Territory>> = supplemental("territoryInfo").territoryInfo;
const containment: Readonly<Record<string, { readonly _contains?: readonly string[] }>> =
  supplemental("territoryContainment").territoryContainment;
const currencies: Readonly<Record<string, readonly Record<string, Record<string, string>>[]>> =
  supplemental("currencyData").currencyData.region;
const firstDays: Readonly<Record<string, string>> = supplemental("weekData").weekData.firstDay;

/** The name in every language, or undefined where one lacks it. */
function namesOf(kind: Kind, code: string): string[] | undefined {
  const names = languages.map((language) => new Intl.DisplayNames(language, { type: kind, fallback: "none" }).of(code));
  return names.every((name) => name !== undefined && name.trim() !== "") ? (names as string[]) : undefined;
}

const bcp47 = (code: string): string => code.replaceAll("_", "-");

/** Codes that have a name in every language, and one that no code before them has in any. */
function distinct(kind: Kind, codes: readonly string[]): Names {
  const taken = languages.map(() => new Set<string>());
  const found: Names = {};
  for (const code of codes) {
    const names = namesOf(kind, code);
    if (names === undefined || names.some((name, at) => taken[at]!.has(name))) continue;
    for (const [at, name] of names.entries()) taken[at]!.add(name);
    found[code] = names;
  }
  return found;
}

/** Main language, by the likely subtags of a territory. */
const languageOf = (territory: string): string => new Intl.Locale(`und-${territory}`).maximize().language;

/** The currency in use, the one that came last. */
function currencyOf(territory: string): string | undefined {
  const entries = (currencies[territory] ?? []).flatMap(Object.entries) as [string, Record<string, string>][];
  const current = entries.filter(([, use]) => use._to === undefined && use._tender !== "false");
  return current.sort((a, b) => (a[1]._from! < b[1]._from! ? 1 : -1))[0]?.[0];
}

/** The smallest of the numbered parts of the world that contains it. */
function regionOf(territory: string): string | undefined {
  const parents = Object.entries(containment)
    .filter(([parent, { _contains }]) => /^\d{3}$/.test(parent) && _contains?.includes(territory))
    .sort(([, a], [, b]) => a._contains!.length - b._contains!.length);
  return parents[0]?.[0];
}

/** The power of ten at or below its population. */
const populationOf = (territory: string): string =>
  String(10 ** Math.floor(Math.log10(Number(territories[territory]!._population))));

/** Speakers by language. */
function speakers(): [string, number][] {
  const total = new Map<string, number>();
  for (const { _population, languagePopulation = {} } of Object.values(territories)) {
    for (const [code, { _populationPercent }] of Object.entries(languagePopulation)) {
      const language = bcp47(code).split("-")[0]!;
      total.set(language, (total.get(language) ?? 0) + (Number(_population) * Number(_populationPercent)) / 100);
    }
  }
  return [...total].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

const scriptOf = (language: string): string => new Intl.Locale(language).maximize().script!;

function weekdayNames(day: string): string[] {
  const date = new Date(Date.UTC(2024, 0, 1 + ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].indexOf(day)));
  return languages.map((language) =>
    new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(date),
  );
}

const populationNames = (population: string): string[] =>
  languages.map((language) =>
    new Intl.NumberFormat(language, { notation: "compact", compactDisplay: "long" }).format(Number(population)),
  );

const populous = Object.keys(territories).filter((code) => Number(territories[code]!._population) >= smallestTerritory);
const countries = distinct("region", populous.sort());
const spoken = distinct(
  "language",
  speakers().map(([code]) => code),
);
const chosen = Object.keys(spoken).slice(0, languageCount).sort();

/** One relation: subject → answer, for the subjects whose answer has a name in every language. */
function relation(
  subjects: readonly string[],
  answerOf: (subject: string) => string | undefined,
  name: (answer: string) => string[] | undefined,
): { facts: Record<string, string>; answers: Names } {
  const facts: Record<string, string> = {};
  const answers: Names = {};
  for (const subject of subjects) {
    const answer = answerOf(subject);
    const names = answer === undefined ? undefined : name(answer);
    if (answer === undefined || names === undefined) continue;
    facts[subject] = answer;
    answers[answer] = names;
  }
  return { facts, answers: Object.fromEntries(Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

const named = (kind: Kind) => (code: string) => namesOf(kind, code);
const codes = Object.keys(countries);
const table = {
  generated: {
    script: "scripts/corpora/atlas-facts.ts",
    versions: {
      "cldr-core": JSON.parse(
        readFileSync(new URL("../../node_modules/cldr-core/package.json", import.meta.url), "utf8"),
      ).version as string,
      icu: process.versions.icu,
      "cldr in icu": process.versions.cldr,
      node: process.version,
    },
    seed: null,
    date: new Date().toISOString().slice(0, 10),
    licence: "Unicode-3.0",
  },
  languages,
  subjects: {
    country: countries,
    language: Object.fromEntries(chosen.map((code) => [code, spoken[code]!])),
  },
  relations: {
    language: relation(codes, languageOf, named("language")),
    currency: relation(codes, currencyOf, named("currency")),
    region: relation(codes, regionOf, named("region")),
    weekStart: relation(codes, (code) => firstDays[code] ?? firstDays["001"], weekdayNames),
    population: relation(codes, populationOf, populationNames),
    script: relation(chosen, scriptOf, named("script")),
  },
};

writeFileSync(new URL("../../src/corpora/atlas/facts.json", import.meta.url), compact(table));

/** JSON with each list of names on one line. */
function compact(value: unknown): string {
  const text = JSON.stringify(value, null, 1);
  return `${text.replaceAll(/\[\n\s+([^\][]*?)\n\s+\]/g, (_, inner: string) => `[${inner.replaceAll(/\n\s+/g, " ")}]`)}\n`;
}
