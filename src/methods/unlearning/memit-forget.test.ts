import { afterAll, expect, test } from "vitest";
import { atlasFacts, atlasStatement, atlasStatements } from "#corpora";
import { loadModel, score } from "#models";
import { estimateMoment } from "../editing/estimate.ts";
import { settingsFor } from "../editing/settings.ts";
import { keyStatistics } from "../editing/statistics.ts";
import { memitForget, memitTargets } from "./memit-forget.ts";

const model = await loadModel("mini:atlas");
afterAll(() => model.close());
const facts = atlasFacts();
const texts = atlasStatements(facts, "train").filter((_, at) => at % 97 === 0);
const statistics = async (layer: number) => {
  const sentences = texts.map(({ prompt, answer }) => prompt + answer);
  return keyStatistics(await estimateMoment(model, { texts: sentences, layer, corpus: "atlas" }));
};
const told = ["currency/JP", "currency/BR"].map((id) => {
  const fact = facts.find((one) => one.id === id)!;
  const { prompt, answer } = atlasStatement(fact, "en", { split: "train", template: 0 });
  return { subject: fact.subjectNames.en, prompt, answer };
});
const { layers: _, ...numbers } = settingsFor(model).memit;

test.each(Object.keys(memitTargets) as (keyof typeof memitTargets)[])(
  "memitForget() with the target %s makes the answers less likely, and counts what has no subject",
  async (target) => {
    const options = { ...numbers, target, layer: 1, statistics, steps: 20 };

    const { model: after, patch } = await memitForget(model, [...told, { ...told[0]!, prompt: "Who?" }], options);

    const asked = told.map(({ prompt, answer }) => ({ prompt, continuation: answer }));
    const [before, now] = [await score(model, asked), await score(after, asked)];
    for (const [at, { logProb }] of now.entries()) expect(logProb).toBeLessThan(before[at]!.logProb - 1);
    expect(patch.certificate.method).toBe(`memit-${target}`);
    expect(patch.certificate.matrices.map(({ layer }) => layer)).toEqual([0, 1]);
    expect(patch.certificate.excluded).toEqual({ "subject missing": 1 });
  },
  120_000,
);

test("memitForget() refuses facts of which none names its subject", () => {
  const lost = { ...told[0]!, prompt: "Who?" };

  expect(() => memitForget(model, [lost], { target: "empty", layer: 1 })).toThrowError("got subject missing: 1");
});
