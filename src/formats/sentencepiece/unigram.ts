import type { SentencePieceModel } from "./model-file.ts";
import { PieceTrie } from "./piece-trie.ts";
import { characterLength, type Segment, type Segmenter } from "./segment.ts";

/** What an unknown character costs more than the rarest piece. */
const unknownPenalty = 10;

/**
 * The most probable segmentation under independent pieces, found by Viterbi's recursion, in float32 as the reference
 * computes it, so that ties fall alike.
 *
 *     best(e) = max over pieces x = text[s, e) of best(s) + score(x)
 *
 * Source   Kudo 2018, Subword Regularization, §3.2; sentencepiece, src/unigram_model.cc, Model::EncodeOptimized
 */
export function unigramSegmenter({ pieces }: SentencePieceModel): Segmenter {
  const trie = new PieceTrie();
  for (const [id, { kind, text }] of pieces.entries())
    if (kind === "normal" || kind === "user-defined") trie.add(text, id);
  const normal = pieces.filter(({ kind }) => kind === "normal").map(({ score }) => score);
  const [least, most] = normal.reduce(
    ([low, high], score) => [Math.min(low, score), Math.max(high, score)],
    [Infinity, -Infinity],
  );
  const unknownScore = Math.fround(least! - unknownPenalty);
  const unknownId = pieces.findIndex(({ kind }) => kind === "unknown");
  const scoreOf = (id: number, text: string): number =>
    pieces[id]!.kind === "user-defined" ? Buffer.byteLength(text) * most! - 0.1 : pieces[id]!.score;
  return (text) => {
    const paths = new BestPaths(text.length);
    for (let at = 0; at < text.length; at += characterLength(text, at)) {
      const single = characterLength(text, at);
      let hasSingle = false;
      trie.matches(text, at, (id, length) => {
        paths.offer({ start: at, end: at + length, id }, scoreOf(id, text.slice(at, at + length)));
        if (length === single) hasSingle = true;
      });
      if (!hasSingle) paths.offer({ start: at, end: at + single, id: unknownId }, unknownScore);
    }
    return paths.best();
  };
}

/** The best way to each place of the text. */
class BestPaths {
  readonly #scores: Float32Array;
  readonly #last: (Segment | undefined)[];

  constructor(length: number) {
    this.#scores = new Float32Array(length + 1);
    this.#last = new Array(length + 1);
  }

  offer(segment: Segment, score: number): void {
    const total = Math.fround(this.#scores[segment.start]! + score);
    if (this.#last[segment.end] !== undefined && total <= this.#scores[segment.end]!) return;
    this.#scores[segment.end] = total;
    this.#last[segment.end] = segment;
  }

  best(): Segment[] {
    const segments: Segment[] = [];
    for (let end = this.#last.length - 1; end > 0; end = segments.at(-1)!.start) segments.push(this.#last[end]!);
    return segments.reverse();
  }
}
