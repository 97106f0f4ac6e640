/** Which of a record's unrelated questions are about something near its concept. */
import type { OfficialRecord } from "./official-record.ts";

/** Questions about something near, and about something far. */
export interface UnrelatedQuestions {
  readonly near: readonly string[];
  readonly far: readonly string[];
}

/**
 * A record's unrelated questions are those of five other concepts, one concept after the other. The concept whose questions
 * share most of the article's rarer words is the near one, the others are far; one concept alone is far.
 */
export function splitUnrelated(record: OfficialRecord, records: readonly OfficialRecord[]): UnrelatedQuestions {
  const each = record.questions.length;
  const blocks = Array.from({ length: Math.ceil(record.unrelated.length / each) }, (_, at) =>
    record.unrelated.slice(at * each, (at + 1) * each),
  );
  if (blocks.length < 2) return { near: [], far: record.unrelated };
  const rarity = rarityOf(records);
  const words = wordsOf(record.article);
  const nearness = blocks.map((block) => {
    const asked = [...wordsOf(block.join(" "))];
    const total = asked.reduce((sum, word) => sum + rarity(word), 0);
    return asked.reduce((sum, word) => sum + (words.has(word) ? rarity(word) : 0), 0) / Math.max(total, 1e-9);
  });
  const nearest = nearness.indexOf(Math.max(...nearness));
  return { near: blocks[nearest]!, far: blocks.filter((_, at) => at !== nearest).flat() };
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/\p{L}{4,}/gu) ?? []);

/** ln(N / how many articles have it), zero for a word that all have; the rarest for one that none has. */
function rarityOf(records: readonly OfficialRecord[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const { article } of records) for (const word of wordsOf(article)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => Math.log((records.length + 1) / (counts.get(word) ?? 1));
}
