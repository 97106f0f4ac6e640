/** A model of pictures and texts as a subject: it looks for the nearest cell and is no language model. */
import { type Answer, hashOf, type Question, type Subject, sha256, UsageError } from "#base";
import { type Pixels, pictureTensor, readPhoto } from "#formats";
import { type DualEncoder, loadDualEncoder, readThreshold } from "#models";
import { filesHash } from "./files-hash.ts";
import { type FoundCell, type NeedleQuestion, readNeedleQuestion, writeFoundCells } from "./needle-question.ts";

/** Who hears of what should be known about a model's files. */
export interface RetrievalOptions {
  readonly onNotice?: (message: string) => void;
}

/** Where photos and their captions mostly lie above in OpenAI's CLIP; a convention, for folders that bring no threshold. */
const usualThreshold = 0.25;

/** Vectors that are kept; a picture comes in many questions. */
const mostVectors = 50_000;

/**
 * A CLIP as a retrieval baseline: it embeds every cell of every picture and each caption, and answers the nearest cell, or
 * −1 where the nearest lies below a threshold. A folder's retrieval.json may bring the threshold.
 *
 * @throws AssayError as loadDualEncoder(); UsageError SUBJECT_RETRIEVES from `ask` for any question but one for captions among cells
 */
export async function retrievalSubject(
  name: string,
  folder: string,
  { onNotice }: RetrievalOptions = {},
): Promise<Subject> {
  const threshold = readThreshold(folder);
  if (threshold === undefined) {
    onNotice?.(`${name}: no retrieval.json beside the weights; below a cosine of ${usualThreshold} it answers -1`);
  }
  let seeker: Promise<Seeker> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const load = async (): Promise<Seeker> => {
    const model = await loadDualEncoder(folder);
    for (const warning of model.warnings) onNotice?.(warning);
    return new Seeker(model, threshold ?? usualThreshold);
  };
  return {
    name,
    kind: "retrieval",
    identity: { files: filesHash(folder), retrieval: hashOf({ threshold: threshold ?? usualThreshold, version: 1 }) },
    ask(question) {
      // The machine is one: a second question waits, and what the first one threw is its own affair.
      const answer = turn.then(async () => {
        seeker ??= load().catch((error: unknown) => {
          seeker = undefined;
          throw error;
        });
        return answerOf(name, await seeker, question);
      });
      turn = answer.catch(() => undefined);
      return answer;
    },
  };
}

async function answerOf(name: string, seeker: Seeker, question: Question): Promise<Answer> {
  const start = performance.now();
  const asked = readNeedleQuestion(question);
  if (asked === undefined) {
    const claim = "Expected pictures of cells and captions to look for among them, got another question";
    throw new UsageError("SUBJECT_RETRIEVES", `${name}: ${claim}; a retrieval baseline answers nothing else`);
  }
  const { found, cosines } = await seeker.seek(asked);
  return {
    text: writeFoundCells(found),
    finishReason: "stop",
    usage: { inputTokens: 0, outputTokens: 0 },
    latencyMs: performance.now() - start,
    raw: { retrieval: true, cosines },
  };
}

/** Looks for captions among cells, and keeps the vectors of what it has seen. */
class Seeker {
  readonly #model: DualEncoder;
  readonly #threshold: number;
  readonly #cells = new Map<string, Float32Array>();

  constructor(model: DualEncoder, threshold: number) {
    this.#model = model;
    this.#threshold = threshold;
  }

  async seek({ pictures, side, captions }: NeedleQuestion) {
    const cells: Float32Array[] = [];
    for (const picture of pictures) {
      const pixels = await readPhoto(await picture.load(), { background: "#ffffff" });
      cells.push(...(await this.#vectorsOf(cellsOf(pixels, side))));
    }
    const texts = await this.#model.embedTexts(captions);
    const best = captions.map((_, at) => nearest(rowOf(texts.data as Float32Array, at, captions.length), cells));
    return {
      found: best.map(({ at, cosine }) => (cosine < this.#threshold ? null : placeOf(at, side))),
      cosines: best.map(({ cosine }) => Number(cosine.toFixed(5))),
    };
  }

  async #vectorsOf(cells: readonly Pixels[]): Promise<Float32Array[]> {
    const keys = cells.map(({ data, width, height }) => `${width}x${height} ${sha256(data)}`);
    const fresh = cells.flatMap((cell, at) => (this.#cells.has(keys[at]!) ? [] : [{ cell, key: keys[at]! }]));
    if (fresh.length > 0) {
      if (this.#cells.size > mostVectors) this.#cells.clear();
      const tensors = fresh.map(({ cell }) => pictureTensor(cell, this.#model.pictures));
      const vectors = await this.#model.embedPixels(tensors);
      for (const [at, { key }] of fresh.entries()) {
        this.#cells.set(key, rowOf(vectors.data as Float32Array, at, fresh.length).slice());
      }
    }
    return Promise.all(keys.map(async (key, at) => this.#cells.get(key) ?? (await this.#vectorsOf([cells[at]!]))[0]!));
  }
}

/** A picture cut into its cells, row by row from the top left. */
function cellsOf({ data, width, height }: Pixels, side: number): Pixels[] {
  const [wide, tall] = [Math.floor(width / side), Math.floor(height / side)];
  return Array.from({ length: side * side }, (_, at) => {
    const [top, left] = [Math.floor(at / side) * tall, (at % side) * wide];
    const cell = new Uint8Array(wide * tall * 3);
    for (let y = 0; y < tall; y++) {
      const from = ((top + y) * width + left) * 3;
      cell.set(data.subarray(from, from + wide * 3), y * wide * 3);
    }
    return { data: cell, width: wide, height: tall };
  });
}

function rowOf(data: Float32Array, row: number, rows: number): Float32Array {
  const length = data.length / rows;
  return data.subarray(row * length, (row + 1) * length);
}

/** The first cell of the largest cosine. */
function nearest(text: Float32Array, cells: readonly Float32Array[]): { readonly at: number; readonly cosine: number } {
  const cosines = cells.map((cell) => cell.reduce((sum, value, at) => sum + value * text[at]!, 0));
  const cosine = cosines.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  return { at: cosines.indexOf(cosine), cosine };
}

function placeOf(at: number, side: number): FoundCell {
  const inside = at % (side * side);
  return { picture: 1 + Math.floor(at / side ** 2), row: 1 + Math.floor(inside / side), column: 1 + (inside % side) };
}
