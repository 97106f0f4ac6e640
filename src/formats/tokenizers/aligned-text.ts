/** A text that came from another one, and where each of its UTF-16 units came from. */
export interface AlignedText {
  readonly text: string;
  /** For each unit, the range of the original; null when nobody asked, which is much faster. */
  readonly origin: Origin | null;
}

/** `original.slice(from[i], to[i])` became unit i. */
export interface Origin {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Replaces `length` units at `at`. */
export interface Edit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** A part of an original text, every unit its own origin. */
export function aligned(text: string, { at = 0, track }: { at?: number; track: boolean }): AlignedText {
  if (!track) return { text, origin: null };
  const from = Array.from({ length: text.length }, (_, index) => at + index);
  return { text, origin: { from, to: from.map((index) => index + 1) } };
}

/** Applies edits, which come in rising order and do not overlap. What an edit writes comes from all that it replaced. */
export function rewritten(source: AlignedText, edits: Iterable<Edit>): AlignedText {
  const parts: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  let cursor = 0;
  const keep = (end: number) => {
    parts.push(source.text.slice(cursor, end));
    for (let unit = cursor; source.origin && unit < end; unit++) {
      from.push(source.origin.from[unit]!);
      to.push(source.origin.to[unit]!);
    }
  };
  for (const edit of edits) {
    keep(edit.at);
    cursor = edit.at + edit.length;
    parts.push(edit.text);
    const range = source.origin && rangeOf(source.origin, edit.at, cursor);
    for (let unit = 0; range && unit < edit.text.length; unit++) {
      from.push(range[0]);
      to.push(range[1]);
    }
  }
  keep(source.text.length);
  return { text: parts.join(""), origin: source.origin && { from, to } };
}

/** The units from `start` to `end`, still aligned. */
export function slice({ text, origin }: AlignedText, start: number, end: number): AlignedText {
  return {
    text: text.slice(start, end),
    origin: origin && { from: origin.from.slice(start, end), to: origin.to.slice(start, end) },
  };
}

/** Where the units from `start` to `end` came from; an empty range lies before what follows it. */
export function rangeOf({ from, to }: Origin, start: number, end: number): readonly [start: number, end: number] {
  if (start < end) return [from[start]!, to[end - 1]!];
  const place = from[start] ?? to.at(-1) ?? 0;
  return [place, place];
}

/** Rewrites every match of a pattern that changes, so that what stays keeps its own place. */
export function mapMatches(source: AlignedText, pattern: RegExp, map: (match: string) => string): AlignedText {
  const edits: Edit[] = [];
  for (const match of source.text.matchAll(pattern)) {
    const text = map(match[0]);
    if (text !== match[0]) edits.push({ at: match.index, length: match[0].length, text });
  }
  return edits.length === 0 ? source : rewritten(source, edits);
}
