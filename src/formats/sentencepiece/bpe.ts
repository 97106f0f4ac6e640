import { MinHeap } from "../tokenizers/heap.ts";
import type { SentencePieceModel } from "./model-file.ts";
import { PieceTrie } from "./piece-trie.ts";
import { characterLength, type Segment, type Segmenter } from "./segment.ts";

interface Symbol {
  previous: number;
  next: number;
  start: number;
  /** Equal to `start` once it was merged into its left neighbour. */
  end: number;
  /** A symbol that the user defined is never merged. */
  readonly frozen: boolean;
}

interface Merge {
  readonly left: number;
  readonly right: number;
  readonly score: number;
  /** Units of both together: a stale merge is one whose symbols have grown since. */
  readonly length: number;
}

/**
 * Byte-pair merging by score: the best-scored pair first, of equal ones the leftmost.
 *
 * Source   sentencepiece, src/bpe_model.cc, Model::SampleEncode
 */
export function bpeSegmenter({ pieces }: SentencePieceModel): Segmenter {
  const vocabulary = new Map<string, number>();
  const symbols = new PieceTrie();
  for (const [id, { kind, text }] of pieces.entries()) {
    if (kind === "normal" || kind === "user-defined" || kind === "unused") vocabulary.set(text, id);
    if (kind === "user-defined") symbols.add(text, id);
  }
  const unknownId = pieces.findIndex(({ kind }) => kind === "unknown");
  const scoreOf = (text: string): number | undefined => {
    const id = vocabulary.get(text);
    return id === undefined ? undefined : pieces[id]!.score;
  };
  return (text) => {
    const parted = new Map<string, number>(); // unused piece → where its left part ended, to take it apart again
    const merged = mergeAll(text, {
      symbols: split(text, symbols),
      scoreOf,
      parted: (piece, at) => {
        if (pieces[vocabulary.get(piece)!]!.kind === "unused") parted.set(piece, at);
      },
    });
    return merged
      .flatMap((range) => resegment(text, range, parted))
      .map(({ start, end }) => ({
        start,
        end,
        id: vocabulary.get(text.slice(start, end)) ?? unknownId,
      }));
  };
}

function split(text: string, userDefined: PieceTrie): Symbol[] {
  const symbols: Symbol[] = [];
  for (let at = 0; at < text.length; ) {
    const longest = userDefined.longest(text, at);
    const end = at + (longest || characterLength(text, at));
    symbols.push({ previous: symbols.length - 1, next: symbols.length + 1, start: at, end, frozen: longest > 0 });
    at = end;
  }
  return symbols;
}

interface Merging {
  readonly symbols: Symbol[];
  scoreOf(text: string): number | undefined;
  parted(piece: string, at: number): void;
}

type Range = Pick<Segment, "start" | "end">;

function mergeAll(text: string, { symbols, scoreOf, parted }: Merging): Range[] {
  const agenda = new MinHeap<Merge>((a, b) => b.score - a.score || a.left - b.left);
  const propose = (left: number, right: number) => {
    const [first, second] = [symbols[left], symbols[right]];
    if (first === undefined || second === undefined || first.frozen || second.frozen) return;
    const piece = text.slice(first.start, second.end);
    const score = scoreOf(piece);
    if (score === undefined) return;
    agenda.push({ left, right, score, length: piece.length });
    parted(piece, first.end - first.start);
  };
  for (let right = 1; right < symbols.length; right++) propose(right - 1, right);
  for (let merge = agenda.pop(); merge !== undefined; merge = agenda.pop()) {
    const [first, second] = [symbols[merge.left]!, symbols[merge.right]!];
    const length = first.end - first.start + second.end - second.start;
    if (first.end === first.start || second.end === second.start || length !== merge.length) continue;
    first.end = second.end;
    second.start = second.end;
    first.next = second.next;
    if (symbols[second.next]) symbols[second.next]!.previous = merge.left;
    propose(first.previous, merge.left);
    propose(merge.left, first.next);
  }
  return symbols.filter(({ start, end }) => end > start);
}

/** A piece that may not be used is taken apart the way it was put together. */
function resegment(text: string, range: Range, parted: ReadonlyMap<string, number>): Range[] {
  const at = parted.get(text.slice(range.start, range.end));
  if (at === undefined) return [range];
  const middle = range.start + at;
  return [
    ...resegment(text, { start: range.start, end: middle }, parted),
    ...resegment(text, { start: middle, end: range.end }, parted),
  ];
}
