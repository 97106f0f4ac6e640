import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resolveSettings } from "#runs";
import { readAligned } from "./aligned-texts.ts";
import { openFacts } from "./data.ts";
import { filled, isSame, type Language, studyLanguages } from "./fact.ts";
import { settings as table } from "./settings.ts";
import { functionalRows, readBmlama } from "./source-bmlama.ts";
import { readCounterfact } from "./source-counterfact.ts";

const settingsWith = (assignments: Readonly<Record<string, string>>) =>
  resolveSettings(table, { study: "cross-lingual-editing", preset: "mini", assignments });

test("openFacts() draws the same facts of the atlas for one seed, and others for another", () => {
  const settings = settingsWith({ facts: "12" });

  const [one, again, other] = [openFacts(settings, 0), openFacts(settings, 0), openFacts(settings, 1)];

  expect(again.list).toEqual(one.list);
  expect(other.list.map(({ id }) => id)).not.toEqual(one.list.map(({ id }) => id));
});

test("openFacts() gives each fact of the atlas a new object that no language takes for the old one, and a neighbour", () => {
  const { list, languages } = openFacts(settingsWith({ facts: "30" }), 0);

  expect(languages).toEqual(studyLanguages);
  for (const { said } of list) {
    for (const language of languages) {
      const { prompt, subject, oldObject, newObject, candidates, neighbours, paraphrases } = said[language]!;
      expect(isSame(oldObject, newObject)).toBe(false);
      expect(candidates).toContain(oldObject);
      expect(candidates).toContain(newObject);
      expect(neighbours.length).toBeGreaterThan(0);
      expect(neighbours.every(({ object }) => object === oldObject)).toBe(true);
      expect(filled(prompt, subject)).toContain(subject);
      expect(paraphrases).toHaveLength(2);
    }
  }
});

test("openFacts() names every candidate at one place in all languages", () => {
  const { list } = openFacts(settingsWith({ facts: "12" }), 0);

  for (const { said } of list) {
    const places = studyLanguages.map((language) => said[language]!.candidates.indexOf(said[language]!.newObject));
    expect(new Set(places).size).toBe(1);
  }
});

test("openFacts() has one-hop questions for facts about languages alone, with another answer before and after", () => {
  const { list } = openFacts(settingsWith({ facts: "60" }), 0);
  const hops = list.flatMap(({ relation, said }) => said.en!.hops.map((hop) => ({ relation, ...hop })));

  expect(hops.length).toBeGreaterThan(0);
  expect(new Set(hops.map(({ relation }) => relation))).toEqual(new Set(["language"]));
  expect(hops.every(({ before, after }) => before !== after)).toBe(true);
});

test.each(["bmlama53", "counterfact"])("openFacts() asks for the files of %s", (source) => {
  expect(() => openFacts(settingsWith({ source }), 0)).toThrow(/Expected --set files=/);
});

test("settings refuse an unknown language code, and say which there are", () => {
  expect(() => settingsWith({ languages: "en,xx" })).toThrow(/en, de, fr, it, es, hi, ta, kn/);
});

const header = "Prompt\tAns\tCandidate Ans\tSubject";

test("readBmlama() reads lines with a carriage return, in Unicode's composed form", () => {
  const rows = readBmlama(`${header}\r\nZoe\u0308 died in <mask>.\tRome\tVenice, Rome\tZoe\u0308\r\n`, "en.tsv");

  expect(rows).toEqual([
    { prompt: "Zo\u00eb died in <mask>.", answer: "Rome", candidates: ["Venice", "Rome"], subject: "Zo\u00eb" },
  ]);
});

test.each([
  ["another header", "A\tB", /Expected the header/],
  ["too few columns", `${header}\nx\ty`, /Expected four columns at f.tsv:2, got 2/],
])("readBmlama() refuses %s", (_, text, message) => {
  expect(() => readBmlama(text, "f.tsv")).toThrow(message);
});

test("functionalRows() keeps subjects with one answer in their relation", () => {
  const row = (prompt: string, answer: string, subject: string) => ({
    prompt,
    answer,
    candidates: [answer, "x"],
    subject,
  });
  const en = [row("A borders <mask>", "B", "A"), row("A borders <mask>", "C", "A"), row("D borders <mask>", "B", "D")];

  expect([...functionalRows({ en })]).toEqual([2]);
});

test("readCounterfact() names case and field of what is wrong", () => {
  expect(() => readCounterfact("[", "f.json")).toThrow(/Expected JSON at f.json/);
  expect(() => readCounterfact('[{"case_id": 1}]', "f.json")).toThrow(/case 0, field prompt/);
});

test("readAligned() refuses what is no list of paragraphs", () => {
  expect(() => readAligned('{"en": "x"}', "f.json")).toThrow(/Expected a list of paragraphs/);
});

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/editing");

describe.skipIf(!existsSync(shared))("with the editing data in ASSAY_SHARED", () => {
  test("openFacts() finds the 938 functional facts of BMLAMA-53, and says why others are left out", () => {
    const files = join(shared, "bmlama53");

    const { list, languages, notes, leftOut } = openFacts(settingsWith({ source: "bmlama53", files, facts: "0" }), 0);

    expect(notes[0]).toContain("938 of 3070");
    expect(languages).not.toContain("kn");
    expect(list.length + leftOut.length).toBe(938);
    for (const { said } of list) {
      const places = languages.map((language: Language) =>
        said[language]!.candidates.indexOf(said[language]!.newObject),
      );
      expect(new Set(places).size).toBe(1);
    }
  });

  test("openFacts() takes the texts that C is estimated from out of one declaration in all eight languages", () => {
    const momentTexts = join(shared, "../udhr-8lang/aligned.json");

    const { texts, languages, identity } = openFacts(settingsWith({ momentTexts }), 0);

    expect(languages.map((language) => texts(language).length)).toEqual(languages.map(() => 50));
    expect(identity).not.toEqual(openFacts(settingsWith({}), 0).identity);
  });

  test("openFacts() reads the thousand cases of CounterFact", () => {
    const files = join(shared, "counterfact-edit-1k.json");

    const { list, languages } = openFacts(settingsWith({ source: "counterfact", files, facts: "0" }), 0);

    expect(list).toHaveLength(1000);
    expect(languages).toEqual(["en"]);
    expect(list[0]!.said.en).toMatchObject({
      subject: "David Robinson",
      newObject: "baseball",
      oldObject: "basketball",
    });
  });
});
