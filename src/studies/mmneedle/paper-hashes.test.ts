import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { captionsHash, comparabilityOf, paperComparability, positionsHash, promptHash } from "./comparability.ts";
import { nameOf } from "./configurations.ts";
import { placeNeedles } from "./haystacks.ts";
import { readOfficialAnnotations, readOfficialCaptions } from "./official.ts";
import { paperHashes } from "./paper-hashes.ts";
import { paperNeedles, paperSettings } from "./paper-index.ts";
import { settings as table } from "./settings.ts";

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/mmneedle");
const read = (name: string) => ({ name, text: readFileSync(join(shared, name), "utf8") });

const configurations = paperNeedles.flatMap((needles) => paperSettings.map((setting) => ({ ...setting, needles })));

test("paperHashes hold the positions that seed 0 draws in all 21 configurations", () => {
  const drawn = configurations.map((configuration) => {
    const { side } = configuration;
    const cells = new Uint32Array(10_000 * side ** 2);
    const blank = { side, count: 10_000, sources: Array(100).fill("any"), cells };
    return [
      nameOf(configuration),
      positionsHash(placeNeedles(blank, { ...configuration, positives: 5000, negatives: 0, seed: 0 })),
    ];
  });

  expect(Object.fromEntries(drawn)).toEqual(paperHashes.positions);
});

test("paperHashes hold the prompts of the official code, and a changed word is another hash", () => {
  expect(promptHash()).toBe(paperHashes.prompt);
});

test.skipIf(!existsSync(shared))("paperHashes agree with the authors' released annotations and captions", () => {
  for (const side of [2, 4, 8]) {
    const configuration = { pictures: 1, side, needles: 1 };
    const haystacks = readOfficialAnnotations(read(`annotations_1_${side}_${side}.json`), { configuration });

    expect(positionsHash(haystacks)).toBe(paperHashes.positions[nameOf(configuration)]);
  }
  expect(captionsHash(readOfficialCaptions(read("file_to_caption.json")))).toBe(paperHashes.captions);
});

const configuration = { pictures: 1, side: 2, needles: 1 };
const paperSettingsOfRun = Object.fromEntries(Object.entries(table).map(([name, { paper }]) => [name, paper]));

/** What a faithful run would say of itself, with changes. */
function comparabilityWith({ settings = {}, samples = 1000, captions = paperHashes.captions, needles = 5000 }) {
  const cells = new Uint32Array(10_000 * 4);
  const blank = { side: 2, count: 10_000, sources: Array(100).fill("any"), cells };
  const haystacks = () => placeNeedles(blank, { ...configuration, positives: needles, negatives: 0, seed: 0 });
  return comparabilityOf({
    configuration,
    split: "positive",
    samples,
    collection: { captions, haystacks },
    settings: { ...paperSettingsOfRun, ...settings } as Parameters<typeof comparabilityOf>[0]["settings"],
  });
}

test("comparabilityOf() equals the paper's for a run on its data with its settings", () => {
  expect(comparabilityWith({})).toEqual(paperComparability(configuration, "positive"));
});

test.each([
  ["data", { captions: "others" }],
  ["data", { needles: 4999 }],
  ["split", { samples: 100 }],
  ["scorer", { settings: { nullAsWrong: true } }],
  ["settings", { settings: { kernel: "lanczos3" } }],
  ["settings", { settings: { cell: 128 } }],
  ["settings", { settings: { maxTokens: 30 } }],
  ["settings", { settings: { source: "scenes" } }],
] as const)("comparabilityOf() differs in %s for %j", (part, changes) => {
  const paper = paperComparability(configuration, "positive");

  const measured = comparabilityWith(changes);

  expect(measured[part]).not.toBe(paper[part]);
});
