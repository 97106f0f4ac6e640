/**
 * Where mini:atlas is edited best: each layer, each token, with and without prefixes, on facts of seed 1.
 *
 * Run   node --conditions=assay-source scripts/scan-atlas-edits.ts [facts]
 */
import { stream } from "#base";
import { type AtlasFact, atlasFacts, atlasStatement, atlasStatements } from "#corpora";
import { estimateMoment, type KeyStatistics, keyStatistics, memit, type RomeOptions, rome } from "#methods/editing";
import { type LanguageModel, loadModel, score } from "#models";

const count = Number(process.argv[2] ?? 16);
const model = await loadModel("mini:atlas");
const facts = atlasFacts();
const texts = atlasStatements(facts, "train").filter((_, at) => at % 23 === 0);
const random = stream(1, "scan-atlas-edits");

const cases = Array.from({ length: count }, () => {
  const fact = facts[random.int(facts.length)]!;
  const others = facts.filter(({ relation, answer }) => relation === fact.relation && answer !== fact.answer);
  return { fact, other: others[random.int(others.length)]! };
});
const known = new Map<number, KeyStatistics>();

async function statisticsOf(layer: number): Promise<KeyStatistics> {
  const sentences = texts.map(({ prompt, answer }) => prompt + answer);
  const found =
    known.get(layer) ??
    (await keyStatistics(await estimateMoment(model, { texts: sentences, layer, corpus: "atlas" })));
  known.set(layer, found);
  return found;
}

const statement = (fact: AtlasFact, split: "train" | "heldOut", template: number) =>
  atlasStatement(fact, "en", { split, template });

/** Shares of the edited wording, of five others, and of eight neighbours that keep their answers. */
async function measured(edited: LanguageModel, { fact, other }: (typeof cases)[number]): Promise<number[]> {
  const continuation = ` ${other.answerNames.en}`;
  const own = [statement(fact, "train", 0)];
  const wordings = [1, 2, 3].map((at) => statement(fact, "train", at));
  const unseen = [0, 1].map((at) => statement(fact, "heldOut", at));
  const near = facts.filter(({ relation, id }) => relation === fact.relation && id !== fact.id).slice(0, 8);
  const asked = [own, [...wordings, ...unseen]].map((group) => group.map(({ prompt }) => ({ prompt, continuation })));
  const kept = near
    .map((one) => statement(one, "train", 0))
    .map(({ prompt, answer }) => ({ prompt, continuation: answer }));
  const shares = await Promise.all([...asked, kept].map((group) => score(edited, group)));
  return shares.map((group) => group.filter(({ isGreedy }) => isGreedy).length / group.length);
}

async function row(name: string, edit: (one: (typeof cases)[number]) => Promise<LanguageModel>): Promise<void> {
  const sums = [0, 0, 0];
  for (const one of cases) {
    const edited = await edit(one).catch(() => model);
    for (const [at, value] of (await measured(edited, one)).entries()) sums[at]! += value / cases.length;
  }
  console.log(`| ${name} | ${sums.map((value) => value.toFixed(2)).join(" | ")} |`);
}

const requestOf = ({ fact, other }: (typeof cases)[number]) => ({
  subject: fact.subjectNames.en,
  prompt: statement(fact, "train", 0).prompt,
  target: other.answerNames.en,
});

console.log(`${count} facts\n| edit | its wording | five others | neighbours kept |\n| --- | --- | --- | --- |`);
for (const token of ["subject", "prompt"] as const) {
  for (const layer of token === "subject" ? [0, 1, 2] : [1, 2, 3]) {
    for (const prefixes of [[], [{ tokens: 4, count: 4 }]]) {
      const options: RomeOptions = { token, layer, prefixes, statistics: await statisticsOf(layer) };
      const name = `r-rome, ${token}'s last token, layer ${layer}, ${prefixes.length === 0 ? "no" : "4"} prefixes`;
      await row(name, async (one) => (await rome(model, requestOf(one), options)).model);
    }
  }
}
for (const layers of [[1], [1, 2], [0, 1]]) {
  await row(`memit, prompt's last token, layers ${layers}`, async (one) => {
    return (await memit(model, [requestOf(one)], { layers, statistics: statisticsOf })).model;
  });
}
