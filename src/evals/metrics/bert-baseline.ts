import { AssayError } from "#base";
import type { BertScoreBaseline } from "./bert-score.ts";

/**
 * The baseline of a layer, from a table of the package bert-score: `LAYER,P,R,F`, a line for each layer.
 *
 * @throws AssayError BAD_LINE
 */
export function readBertBaseline(text: string, { layer, file }: { layer: number; file: string }): BertScoreBaseline {
  const rows = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(/[,\t]/).map(Number));
  const [, precision, recall, f1] = rows.find(([first]) => first === layer) ?? [];
  const parts = [precision, recall, f1];
  if (parts.every((part) => Number.isFinite(part) && part! < 1)) {
    return { precision: precision!, recall: recall!, f1: f1! };
  }
  const claim = `Expected a line "${layer},P,R,F" with three numbers below 1`;
  throw new AssayError("BAD_LINE", `bertscore: ${file}: ${claim}, found none`);
}
