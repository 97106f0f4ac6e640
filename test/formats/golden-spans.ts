import { expect } from "vitest";
import type { TokenSpan } from "#formats";

type Range = readonly number[];

/**
 * Offsets like the reference's, but for three things in which references differ among themselves: who gets the spaces
 * that normalisation folded away, that a prefix which stands for no character takes none of ours, and that of characters
 * which normalisation joined or took apart every token has all of ours.
 */
export function expectSpans(text: string, spans: readonly TokenSpan[], golden: readonly Range[]): void {
  expect(spans.length).toBe(golden.length);
  for (const [index, { start, end, token }] of spans.entries()) {
    const [from, to] = golden[index] as [number, number];
    const isPrefix = start === end && token === "\u2581";
    if (isPrefix || (isSpace(text, start, from) && isSpace(text, end, to))) continue;
    if (text !== text.normalize("NFKC") && start <= from && to <= end) continue;
    expect([start, end], `${JSON.stringify(token)} of ${JSON.stringify(text)}`).toEqual([from, to]);
  }
}

const isSpace = (text: string, a: number, b: number): boolean =>
  /^[\p{White_Space}\u2581]*$/u.test(text.slice(Math.min(a, b), Math.max(a, b)));
