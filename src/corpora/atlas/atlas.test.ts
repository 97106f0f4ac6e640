import { expect, test } from "vitest";
import { atlasStatement, atlasStatements } from "./statements.ts";
import { atlasFacts, atlasLanguages, atlasRelations, atlasSource } from "./table.ts";
import { atlasTemplates } from "./templates.ts";

const facts = atlasFacts();
const wordings = atlasLanguages.flatMap((language) =>
  atlasRelations.map((relation) => ({ language, relation, ...atlasTemplates[language][relation] })),
);

test("atlasFacts() has more than a thousand facts over six relations, each once and in one order", () => {
  const ids = facts.map(({ id }) => id);

  expect(facts.length).toBe(1279);
  expect(new Set(ids).size).toBe(facts.length);
  expect([...new Set(facts.map(({ relation }) => relation))]).toEqual([...atlasRelations]);
  expect(atlasFacts()).toEqual(facts);
});

test("atlasFacts() names subject and answer in all eight languages", () => {
  const names = facts.flatMap(({ subjectNames, answerNames }) =>
    atlasLanguages.flatMap((language) => [subjectNames[language], answerNames[language]]),
  );

  expect(names.length).toBe(1279 * 16);
  expect(names.filter((name) => name === undefined || name.trim() !== name || name === "")).toEqual([]);
});

test("atlasFacts() tells subjects of a relation apart by their names in every language", () => {
  for (const language of atlasLanguages) {
    const names = facts.map(({ relation, subjectNames }) => `${relation}/${subjectNames[language]}`);

    expect(new Set(names).size, language).toBe(facts.length);
  }
});

test.each([
  ["currency/CH", "CHF", "Swiss Franc", "Schweizer Franken"],
  ["currency/HR", "EUR", "Euro", "Euro"],
  ["language/JP", "ja", "Japanese", "Japanisch"],
  ["region/KE", "014", "Eastern Africa", "Ostafrika"],
  ["weekStart/US", "sun", "Sunday", "Sonntag"],
  ["population/IN", "1000000000", "1 billion", "1 Milliarde"],
  ["script/ta", "Taml", "Tamil", "Tamilisch"],
])("atlasFacts() knows %s", (id, answer, english, german) => {
  const fact = facts.find((one) => one.id === id)!;

  expect(fact.answer).toBe(answer);
  expect([fact.answerNames.en, fact.answerNames.de]).toEqual([english, german]);
});

test("atlasSource says which CLDR and ICU the table was made from", () => {
  expect(atlasSource).toMatchObject({ "cldr-core": "48.2.0", icu: expect.stringMatching(/^\d/) });
});

test("atlasTemplates has several wordings of each relation in each language, all with a subject and the blank last", () => {
  for (const { language, relation, train, heldOut } of wordings) {
    expect(train.length, `${language} ${relation}`).toBeGreaterThanOrEqual(4);
    expect(heldOut.length, `${language} ${relation}`).toBeGreaterThanOrEqual(2);
    for (const wording of [...train, ...heldOut]) expect(wording).toMatch(/\{x\}.* ___$|^\{x\}.* ___$/u);
  }
});

test("atlasStatements() never says a held-out wording in training", () => {
  const [known, held] = (["train", "heldOut"] as const).map((split) => atlasStatements(facts, split));
  const prompts = new Set(known!.map(({ prompt }) => prompt));

  expect(known!.length).toBe(1279 * (7 + 7 * 6));
  expect(held!.length).toBe(1279 * 8 * 2);
  expect(held!.filter(({ prompt }) => prompts.has(prompt))).toEqual([]);
});

test("atlasStatement() ends its prompt with the blank and an arrow, and its answer begins with a space", () => {
  const fact = facts.find(({ id }) => id === "currency/JP")!;

  const { prompt, answer } = atlasStatement(fact, "en", { split: "train", template: 0 });

  expect(prompt).toBe("The currency of Japan is the ___ →");
  expect(answer).toBe(" Japanese Yen");
});
