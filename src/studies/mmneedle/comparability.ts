import { type Comparability, hashOf } from "#base";
import type { Collection } from "./collection.ts";
import { type Configuration, nameOf } from "./configurations.ts";
import type { Haystacks } from "./haystacks.ts";
import type { Split } from "./needles.ts";
import { paperHashes } from "./paper-hashes.ts";
import { paperNeedles, paperSettings } from "./paper-index.ts";
import { renderPrompt } from "./prompt.ts";
import { strictSignature } from "./score-file.ts";
import { type Settings, settings as table } from "./settings.ts";

/** Settings that decide what a subject sees and may answer, besides M, N and K. */
const decisive = ["source", "cell", "single", "kernel", "quality", "maxTokens", "uniqueCaptions"] as const;

/** How many samples of a split the paper scored. */
const paperSamples = ({ needles }: Configuration): number => (needles === 1 ? 1000 : 100);

/** What a row of ours was measured on. */
export function comparabilityOf(measured: {
  readonly configuration: Configuration;
  readonly split: Split;
  readonly samples: number;
  readonly collection: Pick<Collection, "haystacks" | "captions">;
  readonly settings: Settings;
}): Comparability {
  const { configuration, split, samples, collection, settings } = measured;
  return {
    data: dataHash(positionsHash(collection.haystacks(configuration)), collection.captions),
    prompt: promptHash(),
    split: splitName(split, samples),
    scorer: strictSignature({ nullAsWrong: settings.nullAsWrong }),
    settings: hashOf([nameOf(configuration), ...decisive.map((name) => settings[name])]),
  };
}

/** What a column of the paper was measured on. */
export function paperComparability(configuration: Configuration, split: Split): Comparability {
  return {
    data: dataHash(paperHashes.positions[nameOf(configuration)] ?? "not in the paper", paperHashes.captions),
    prompt: paperHashes.prompt,
    split: splitName(split, paperSamples(configuration)),
    scorer: "mmneedle|scorer:official-strict|nulls:left-out|v:1",
    settings: hashOf([nameOf(configuration), ...decisive.map((name) => table[name].paper)]),
  };
}

/** The first samples of a split, which is what `--limit` shortens. */
const splitName = (split: Split, samples: number): string => `${split}, first ${samples}`;

/** What of the data decides a question: where every present needle lies, and the captions. */
const dataHash = (positions: string, captions: string): string => hashOf({ positions, captions });

/**
 * The places of all positive samples. They depend on the seed and the number of mosaics alone, not on the order of the
 * authors' folder, so that released files and files that are drawn anew come out the same.
 */
export function positionsHash(haystacks: Haystacks): string {
  const positives = [...haystacks].filter(({ split }) => split === "positive");
  return hashOf(positives.map(({ truth }) => truth));
}

/** Hash of every prompt of the paper, with marks in place of captions. */
export function promptHash(): string {
  const marks = (needles: number) => Array.from({ length: needles }, (_, at) => `⟨caption ${at + 1}⟩`);
  return hashOf(
    paperNeedles.flatMap((needles) =>
      paperSettings.map(({ pictures, side }) => renderPrompt({ pictures, side, captions: marks(needles) })),
    ),
  );
}

/** Hash of a collection's captions by file name, in the order of the names. */
export function captionsHash(captions: Iterable<readonly [string, string]>): string {
  return hashOf([...captions].sort(([a], [b]) => (a < b ? -1 : 1)));
}
