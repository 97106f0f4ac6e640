/** Scenes as pictures, captions and numbers, ready to be learned. */
import { stream, type Tensor, tensor } from "#base";
import { captionOf, drawScene, type Scene, sampleScenes, sceneAttributeSizes, sceneAttributes } from "#corpora";
import {
  type PictureSettings,
  type Pixels,
  pictureTensor,
  preparedPixels,
  readPhoto,
  renderSvg,
  type Tokenizer,
} from "#formats";
import { batchOf } from "#models";

/** A scene that was drawn. */
export interface DrawnScene {
  readonly caption: string;
  readonly pixels: Pixels;
  readonly attributes: readonly number[];
}

/** Pixels along each edge of a drawing, before a model's own resizing. */
const drawnSize = 128;
/** Drawings that are rendered at once. */
const atOnce = 8;

/** Which scenes to draw, and what their pictures go through. */
export interface DrawScenesOptions {
  readonly count: number;
  readonly seed: number;
  readonly pictures: PictureSettings;
}

/** Draws scenes that no test of the lab shows, at the size of the model. */
export async function drawScenes({ count, seed, pictures }: DrawScenesOptions): Promise<DrawnScene[]> {
  const scenes = sampleScenes({ count, seed, split: "train" });
  const draw = async (scene: Scene): Promise<DrawnScene> => {
    const drawing = await readPhoto(await renderSvg(drawScene(scene), drawnSize));
    const pixels = preparedPixels(drawing, pictures);
    return { caption: captionOf(scene), pixels, attributes: sceneAttributes(scene) };
  };
  const drawn: DrawnScene[] = [];
  for (let from = 0; from < scenes.length; from += atOnce) {
    drawn.push(...(await Promise.all(scenes.slice(from, from + atOnce).map(draw))));
  }
  return drawn;
}

/** What a batch of scenes is. B scenes · T tokens · A attributes */
export interface SceneBatch {
  /** [B, 3, size, size] */
  readonly pixels: Tensor<"float32">;
  /** [B, T] */
  readonly inputIds: Tensor<"int64">;
  /** [A, B] */
  readonly attributes: Tensor<"int64">;
}

/** How batches are made. */
export interface SceneBatchesOptions {
  readonly seed: number;
  readonly size: number;
  readonly tokenizer: Tokenizer;
  readonly pictures: PictureSettings;
}

/** Batches of different scenes; every scene comes once before any comes again. */
export class SceneBatches {
  readonly #scenes: readonly { pixels: Pixels; ids: readonly number[]; attributes: readonly number[] }[];
  readonly #options: SceneBatchesOptions;
  /** Of the longest caption; others are filled up at their ends. */
  readonly #length: number;
  #order: { readonly round: number; readonly places: readonly number[] } = { round: -1, places: [] };

  constructor(scenes: readonly DrawnScene[], options: SceneBatchesOptions) {
    const { tokenizer } = options;
    this.#scenes = scenes.map(({ caption, ...rest }) => ({ ...rest, ids: tokenizer.encode(caption) }));
    this.#options = options;
    this.#length = Math.max(...this.#scenes.map(({ ids }) => ids.length));
  }

  /** The batch after `step` others. */
  at(step: number): SceneBatch {
    const { size, tokenizer, pictures } = this.#options;
    const length = this.#length;
    const chosen = Array.from({ length: size }, (_, at) => this.#scene(step * size + at));
    const end = tokenizer.specials.end!;
    const ids = chosen.flatMap(({ ids }) => [...ids, ...new Array<number>(length - ids.length).fill(end)]);
    const attributes = sceneAttributeSizes.flatMap((_, at) => chosen.map((scene) => scene.attributes[at]!));
    return {
      pixels: batchOf(chosen.map(({ pixels }) => pictureTensor(pixels, pictures))),
      inputIds: tensor([size, length], ids, "int64"),
      attributes: tensor([sceneAttributeSizes.length, size], attributes, "int64"),
    };
  }

  /** A batch that would end in the next round is of that round alone, so that no scene is in it twice. */
  #scene(number: number) {
    const { size, seed } = this.#options;
    const perRound = Math.floor(this.#scenes.length / size) * size;
    const round = Math.floor(number / perRound);
    if (this.#order.round !== round) {
      const places = stream(seed, `order/${round}`).shuffle(this.#scenes.map((_, at) => at));
      this.#order = { round, places };
    }
    return this.#scenes[this.#order.places[number % perRound]!]!;
  }
}
