import { type MeasuredRecord, mean } from "#base";
import { type BertScoreOptions, bertScore, bertScoreLayer, bertScoreSignature, readBertBaseline } from "#evals/metrics";
import { readTextFile } from "#formats";
import { meanOf, type Recording, recordOf } from "../records.ts";
import type { Settings } from "../settings.ts";
import type { Measuring } from "../task.ts";
import type { CommitItem } from "./item.ts";
import { type MessageTruth, pairsOf } from "./measures.ts";

/** What the encoder made of one repeat: F1 of each message, raw and rescaled. */
type Scored = {
  readonly raw: readonly number[];
  readonly rescaled: readonly number[] | null;
  readonly signatures: readonly string[];
};

/** The variant of the paper's column. */
export const paperSignature = (isRescaled: boolean): string =>
  `bertscore|encoder:roberta-large|layer:17|idf:no|rescaled:${isRescaled ? "yes" : "no"}|scale:1|assay:1`;

/**
 * Mean F1 of BERTScore over commits, each the mean of its repeats, raw and, where a baseline is given, rescaled; nothing
 * without an encoder.
 *
 * Its records say the encoder: a row by another one stands apart.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.4; Zhang et al. 2020, BERTScore
 */
export async function bertScoreRecords(
  { settings, run, subject, variant, answers }: Measuring<CommitItem, MessageTruth>,
  recording: Recording,
): Promise<MeasuredRecord[]> {
  if (settings.encoder === "" || answers.length === 0) return [];
  const repeats = [...Map.groupBy(answers, ({ repeat }) => repeat)];
  const scored: Scored[] = [];
  for (const [repeat, members] of repeats) {
    const name = `BERTScore of ${subject}, ${variant}, repeat ${repeat}`;
    scored.push(await run.step(name, () => score(pairsOf(members), settings)));
  }
  const [raw, rescaled] = scored[0]!.signatures;
  const scoredBy = (scorer: string) => ({ ...recording, comparability: { ...recording.comparability, scorer } });
  const means = (pick: (one: Scored) => readonly number[] | null) => {
    const rows = scored.flatMap((one, at) =>
      (pick(one) ?? []).map((f1, member) => ({ f1, sample: repeats[at]![1][member]!.sample })),
    );
    // A commit's repeats are no further commits: their mean counts once.
    const ofCommits = [...Map.groupBy(rows, ({ sample }) => sample).values()];
    return meanOf(
      ofCommits.map((own) => mean(own.map(({ f1 }) => f1))),
      { least: -1 },
    );
  };
  const plain = recordOf(
    "bertScore",
    means((one) => one.raw),
    scoredBy(raw!),
  );
  if (rescaled === undefined) return [plain];
  return [
    plain,
    recordOf(
      "bertScoreRescaled",
      means((one) => one.rescaled),
      scoredBy(rescaled),
    ),
  ];
}

async function score(pairs: ReturnType<typeof pairsOf>, { encoder: place, baseline }: Settings): Promise<Scored> {
  const { loadEncoder } = await import("#models/bert");
  const layer = bertScoreLayer(place);
  const encoder = await loadEncoder(place, layer === undefined ? {} : { layer });
  const options: BertScoreOptions = { encoder };
  const { perSample: raw } = await bertScore(pairs, options);
  if (baseline === "") return { raw, rescaled: null, signatures: [bertScoreSignature(options)] };
  const table = readBertBaseline(readTextFile(baseline), { layer: encoder.layer, file: baseline });
  const scaled = { encoder, baseline: table };
  const { perSample: rescaled } = await bertScore(pairs, scaled);
  return { raw, rescaled, signatures: [bertScoreSignature(options), bertScoreSignature(scaled)] };
}
