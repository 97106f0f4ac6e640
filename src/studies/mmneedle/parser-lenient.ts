import type { Place } from "./truth.ts";

/**
 * What an answer most likely means, however it is dressed: brackets, quotes, labels, list marks, missing spaces.
 *
 * It holds one place or one -1 for each needle, in order; a lone -1, or a sentence that denies and holds no number, means
 * that every needle is absent. Three times -1 may stand for one absent needle.
 *
 * @returns null when it cannot be read as exactly `needles` answers
 */
export function parseLenient(response: string, needles: number): readonly Place[] | null {
  const text = undress(response);
  const numbers = (text.match(WHOLE_NUMBER) ?? []).map(Number);
  if (numbers.length === 0) return DENIAL.test(text) ? allAbsent(needles) : null;
  const groups = group(numbers);
  return groups && settle(groups, needles);
}

const WHOLE_NUMBER = /(?<![\p{L}\d_.])-?\d+(?:\.0+)?(?![\p{L}\d_]|\.\d)/gu;
const DENIAL = /\b(?:no|none|not|nothing|cannot|absent)\b|n't\b/i;

const allAbsent = (needles: number): readonly Place[] => Array(needles).fill(null);

/** Without what numbers an answer but is no part of it: "Caption_2:", "- ", "1. " before the place itself. */
function undress(response: string): string {
  return response
    .normalize("NFKC")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/-\s+(?=1\b(?![,;]?\s*\d))/g, "-")
    .replace(/\b(?:caption|needle|answer)[ _]?#?\d+/gi, " ")
    .replace(/^[^\S\n]*(?:#?\d{1,2}[.):]|[-*•])[^\S\n]+(?=.*\d)/gm, "");
}

/** A place, or how many times -1 stands in a row. */
type Group = Exclude<Place, null> | number;

/** Numbers in threes, with the runs of -1 between them; null when they do not come out even. */
function group(numbers: readonly number[]): readonly Group[] | null {
  const groups: Group[] = [];
  for (let at = 0; at < numbers.length; ) {
    const [picture, row, column] = numbers.slice(at, at + 3);
    if (picture === -1) {
      const last = groups.at(-1);
      if (typeof last === "number") groups[groups.length - 1] = last + 1;
      else groups.push(1);
      at += 1;
    } else {
      if (!(picture! >= 1 && row! >= 1 && column! >= 1)) return null;
      groups.push({ picture: picture!, row: row!, column: column! });
      at += 3;
    }
  }
  return groups;
}

/** Takes each -1 for one needle, else three of them, else a lone one for all. */
function settle(groups: readonly Group[], needles: number): readonly Place[] | null {
  for (const length of [1, 3]) {
    const places = groups.flatMap((part): Place[] => (typeof part === "number" ? allAbsentIn(part / length) : [part]));
    if (places.length === needles && groups.every((part) => typeof part !== "number" || part % length === 0))
      return places;
  }
  return groups.length === 1 && groups[0] === 1 ? allAbsent(needles) : null;
}

const allAbsentIn = (share: number): Place[] => Array(Math.ceil(share)).fill(null);
