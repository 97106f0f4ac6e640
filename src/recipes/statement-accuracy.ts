/** How many statements a model completes with exactly the right answer. */
import { stream } from "#base";
import { type AtlasStatement, atlasLanguages } from "#corpora";
import { batchOfTexts, compilePredictions, type Examined } from "./next-tokens.ts";
import { chunks, type EncodedStatement } from "./statement-batches.ts";

const batchSize = 256;

/**
 * Whether each statement's greedy answer is the right one, to its end.
 *
 * Greedy decoding gives the answer exactly when the likeliest token is the right one at each of its places, given the
 * right ones before: one pass judges all of them.
 */
export async function judgeStatements(encoded: readonly EncodedStatement[], examined: Examined): Promise<boolean[]> {
  const predict = await compilePredictions(examined);
  const order = encoded.map((_, at) => at).sort((a, b) => encoded[a]!.ids.length - encoded[b]!.ids.length);
  const isRight = new Array<boolean>(encoded.length);
  for (const part of chunks(order, batchSize)) {
    const texts = part.map((at) => encoded[at]!);
    const predictions = await predict(batchOfTexts(texts));
    let place = 0;
    for (const [row, { ids, from }] of texts.entries()) {
      const answer = predictions.isRight.subarray(place, place + ids.length - from);
      isRight[part[row]!] = answer.every((one) => one === 1);
      place += ids.length - from;
    }
  }
  return isRight;
}

/** Shares of right answers, by language and by relation. */
export interface Accuracy {
  readonly all: number;
  readonly byLanguage: Readonly<Record<string, number>>;
  readonly byRelation: Readonly<Record<string, number>>;
}

/** Counts right answers. */
export function accuracyOf(encoded: readonly EncodedStatement[], isRight: readonly boolean[]): Accuracy {
  const share = (keyOf: (statement: AtlasStatement) => string): Record<string, number> => {
    const groups = Map.groupBy(encoded.keys(), (at) => keyOf(encoded[at]!.statement));
    return Object.fromEntries([...groups].map(([key, places]) => [key, shareOf(places.map((at) => isRight[at]!))]));
  };
  return {
    all: shareOf(isRight),
    byLanguage: share(({ language }) => language),
    byRelation: share(({ fact }) => fact.relation),
  };
}

const shareOf = (list: readonly boolean[]): number => round(list.filter(Boolean).length / list.length);
const round = (share: number): number => Math.round(share * 1e4) / 1e4;

/** The worst language's share. */
export const worstLanguage = ({ byLanguage }: Accuracy): number =>
  Math.min(...atlasLanguages.map((language) => byLanguage[language]!));

/** The same statements with the answers of other facts of their relation: what a model reaches that knows answers but not whose. */
export function shuffledAnswers(statements: readonly AtlasStatement[], seed: number): AtlasStatement[] {
  const facts = [...new Map(statements.map(({ fact }) => [fact.id, fact])).values()];
  const other = new Map<string, (typeof facts)[number]>();
  for (const [relation, group] of Map.groupBy(facts, (fact) => fact.relation)) {
    const turned = stream(seed, `atlas/shuffled/${relation}`).shuffle(group);
    for (const [at, fact] of group.entries()) other.set(fact.id, turned[at]!);
  }
  return statements.map((statement) => ({
    ...statement,
    answer: ` ${other.get(statement.fact.id)!.answerNames[statement.language]}`,
  }));
}
