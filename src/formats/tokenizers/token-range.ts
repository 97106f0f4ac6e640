import type { TokenSpan } from "./tokenizer.ts";

/**
 * The tokens that stand for the characters from `start` to `end` of a text: positions from `first` to before `past`, in
 * order. Undefined when no token stands for any of them.
 *
 * @example const { past } = tokenRange(spans, { start: prompt.indexOf(subject), end: prompt.indexOf(subject) + subject.length })
 */
export function tokenRange(
  spans: readonly TokenSpan[],
  { start, end }: { readonly start: number; readonly end: number },
): { readonly first: number; readonly past: number } | undefined {
  const touches = (span: TokenSpan): boolean => span.start < end && span.end > start && span.start < span.end;
  const first = spans.findIndex(touches);
  return first < 0 ? undefined : { first, past: spans.findLastIndex(touches) + 1 };
}
