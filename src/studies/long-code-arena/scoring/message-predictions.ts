/** Commit messages: the authors' predictions `{prediction, reference, hash, repo}`, or `{answer, reference}`. */
import { bleu, bNorm, chrf, rouge, sentenceBNorm, sentenceChrf, sentenceRouge } from "#evals/metrics";
import type { AnswerFile, ScoredFile } from "../../module.ts";
import { messageSignature } from "../commit-messages/measures.ts";
import { type AnswerLine, readLines } from "./lines.ts";

/** BLEU and ChrF of the corpus, means of ROUGE and B-Norm, from 0 to 100; on the raw text, as the authors have it. */
export async function scoreMessages(file: AnswerFile): Promise<ScoredFile> {
  const lines = readLines(file);
  const pairs = lines.map((line) => ({ candidate: answerOf(line) ?? "", reference: line.required("reference") }));
  const results = {
    bleu: bleu(pairs),
    chrf: chrf(pairs),
    rouge1: rouge("rouge-1", pairs),
    rouge2: rouge("rouge-2", pairs),
    rougeL: rouge("rouge-l", pairs),
    bNorm: bNorm(pairs),
  };
  return {
    signature: messageSignature(),
    metrics: Object.fromEntries(Object.entries(results).map(([name, { value, n }]) => [name, { value: value!, n }])),
    empty: lines.filter((line) => answerOf(line) === null).length,
    perSample: pairs.map(({ candidate, reference }, at) =>
      answerOf(lines[at]!) === null
        ? null
        : {
            chrf: sentenceChrf(candidate, reference),
            rougeL: sentenceRouge("rouge-l", candidate, reference),
            bNorm: sentenceBNorm(candidate, reference),
          },
    ),
  };
}

const answerOf = (line: AnswerLine): string | null => line.text("answer", "prediction");
