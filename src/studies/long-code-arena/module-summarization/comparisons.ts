/** Both comparisons of every document with the true one, each stored before the next. */
import type { Judgement } from "#evals/metrics";
import type { AnsweredSample } from "#runs";
import type { Measuring } from "../task.ts";
import { fitted } from "../window.ts";
import type { DocumentItem } from "./item.ts";
import { type Judge, openJudge } from "./judge.ts";
import type { DocumentTruth } from "./measures.ts";
import { renderComparison } from "./prompt.ts";

type Compared = Measuring<DocumentItem, DocumentTruth>;

/** Judgements in the order of the answers; none without a judge. */
export async function judgementsOf(measuring: Compared): Promise<Judgement[]> {
  const { settings, run, subject, variant, answers, itemOf, signal } = measuring;
  if (settings.judge === "") return [];
  let judge: Judge | undefined;
  const judgements: Judgement[] = [];
  try {
    for (const answer of answers) {
      const name = `${settings.judge} compares ${subject}, ${variant}, ${answer.sample}`;
      const judged = await run.step(name, async () => {
        judge ??= await openJudge(settings);
        return await compare(judge, { item: itemOf(answer), answer, measuring });
      });
      signal.throwIfAborted();
      judgements.push(judged);
    }
  } finally {
    judge?.close();
  }
  return judgements;
}

interface Pair {
  readonly item: DocumentItem;
  readonly answer: AnsweredSample<DocumentTruth>;
  readonly measuring: Compared;
}

async function compare(judge: Judge, { item, answer, measuring }: Pair): Promise<Judgement> {
  const { settings, signal } = measuring;
  const { intent } = item;
  const { window } = judge;
  const share = Math.floor(
    (window.tokens - window.count(renderComparison({ intent, code: "", a: "", b: "" })) - 8) / 3,
  );
  const shorten = (text: string, limit: number) =>
    fitted(text, { window, around: "", answerTokens: 1, keep: "first", what: "text", limit }).text;
  // Code first: what it leaves of the window is shared by both documents.
  const code = shorten(item.code, Math.min(settings.judgeTokens, Math.max(share, Math.ceil(settings.judgeTokens / 2))));
  const rest = Math.floor((window.tokens - window.count(renderComparison({ intent, code, a: "", b: "" })) - 8) / 2);
  const [truth, prediction] = [shorten(item.target, rest), shorten(answer.text ?? "", rest)];
  return {
    truthFirst: await judge.prefer(renderComparison({ intent, code, a: truth, b: prediction }), signal),
    predictionFirst: await judge.prefer(renderComparison({ intent, code, a: prediction, b: truth }), signal),
  };
}
