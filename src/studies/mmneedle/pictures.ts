import type { ImagePart } from "#base";
import { type MosaicChoices, mosaic, mosaicChoices, pictureKey, saveAgain } from "#formats";
import type { Collection } from "./collection.ts";
import { cellsOf, type MosaicIndex } from "./mosaics.ts";
import type { Settings } from "./settings.ts";

/** Everything besides the photos that decides a mosaic's bytes. @throws AssayError MOSAIC_CHOICES */
export function choicesOf({ cell, kernel, quality }: Settings, side: number): MosaicChoices {
  const encoder = { format: "jpeg", quality, chromaSubsampling: "4:2:0" } as const;
  return mosaicChoices(side, { cellSize: cell, kernel, encoder });
}

/** Draws the mosaics of one side, each when somebody looks at it. */
export class MosaicPainter {
  readonly #collection: Collection;
  readonly #index: MosaicIndex;
  readonly #choices: MosaicChoices;
  /** A picture of one cell is the photo in its own size, saved again. */
  readonly #keepsSize: boolean;

  constructor(collection: Collection, { index, settings }: { index: MosaicIndex; settings: Settings }) {
    this.#collection = collection;
    this.#index = index;
    this.#choices = choicesOf(settings, index.side);
    this.#keepsSize = index.side === 1 && settings.single === "original";
  }

  /** A mosaic as a part of a question. */
  part(mosaicNumber: number): ImagePart {
    const key = () => this.#keyOf(mosaicNumber);
    return {
      type: "image",
      mediaType: "image/jpeg",
      // Computed when a cache asks: the paper's index has 3 million cells to hash.
      get key() {
        return key();
      },
      load: () => this.paint(mosaicNumber),
    };
  }

  /** A mosaic as the bytes that a subject sees. @throws AssayError PICTURE_UNREADABLE, PICTURE_MISSING */
  async paint(mosaicNumber: number): Promise<Uint8Array> {
    const photos = await Promise.all(this.#sourcesOf(mosaicNumber).map((source) => this.#collection.photoOf(source)));
    return this.#keepsSize ? saveAgain(photos[0]!, this.#choices.encoder) : mosaic(photos, this.#choices);
  }

  #keyOf(mosaicNumber: number): string {
    const contents = this.#sourcesOf(mosaicNumber).map((source) => this.#collection.contentOf(source));
    return pictureKey(this.#keepsSize ? [...contents, "original size"] : contents, this.#choices);
  }

  #sourcesOf(mosaicNumber: number): string[] {
    return Array.from(cellsOf(this.#index, mosaicNumber), (cell) => this.#index.sources[cell]!);
  }
}
