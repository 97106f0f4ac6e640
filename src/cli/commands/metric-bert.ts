import { suggestion, UsageError } from "#base";
import { type BertScore, bertScore, bertScoreLayer, readBertBaseline, readPairs } from "#evals/metrics";
import { readTextFile } from "#formats";
import { loadEncoder } from "#models/bert";

/** What `assay metric bertscore` may be told, for its help. */
export const bertSettings = {
  encoder: "a folder of BERT or RoBERTa, or hf:org/name; needed",
  layer: "whose states are compared; the package's choice for an encoder that it knows, else the last",
  idf: "true to let rare tokens weigh more",
  baseline: "a file LAYER,P,R,F of the package, by which scores are rescaled",
} as const;

type Settings = Readonly<Record<string, string>>;

/** BERTScore of the pairs in a file. @throws UsageError BAD_SETTING; AssayError of the encoder and the file */
export async function measureBertScore(file: string, settings: Settings): Promise<BertScore> {
  for (const name of Object.keys(settings)) {
    if (Object.hasOwn(bertSettings, name)) continue;
    const hint = suggestion(name, Object.keys(bertSettings));
    throw new UsageError("BAD_SETTING", `metric: Expected a setting of bertscore, got "${name}"${hint}`);
  }
  const { encoder: place, idf = "false", baseline } = settings;
  if (place === undefined) {
    throw new UsageError("BAD_SETTING", "metric: bertscore needs an encoder; add --set encoder=FOLDER");
  }
  const pairs = readPairs(readTextFile(file), { file, references: "several" });
  const layer = layerOf(settings);
  const encoder = await loadEncoder(place, layer === undefined ? {} : { layer });
  const table = baseline === undefined ? undefined : readTextFile(baseline);
  return bertScore(pairs, {
    encoder,
    idf: idf === "true",
    ...(table !== undefined && { baseline: readBertBaseline(table, { layer: encoder.layer, file: baseline! }) }),
  });
}

function layerOf({ layer, encoder }: Settings): number | undefined {
  if (layer === undefined) return bertScoreLayer(encoder!);
  if (/^\d+$/.test(layer)) return Number(layer);
  throw new UsageError("BAD_SETTING", `metric: Expected layer to be a whole number, got "${layer}"`);
}
