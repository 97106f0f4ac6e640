/** Embeddings on disk, a part of the pictures a file: memory does not grow with their number, and a run that was stopped keeps what it has. */
import { join } from "node:path";
import { sizeOf, type Tensor } from "#base";
import { firstFile, makeFolder, openCheckpoint, removeFolder, sourceOf, writeSafetensors } from "#formats";

/** Tensors of some pictures, each with a row for every picture. */
export type Part = Readonly<Record<string, Tensor>>;

/** Where a row of a tensor is read from, as often as wanted. */
export type RowReader = (name: string, row: number) => Tensor;

/** A part in memory. */
export const readerOf =
  (part: Part): RowReader =>
  (name, row) => {
    const { dtype, shape, data } = part[name]!;
    const width = sizeOf(shape.slice(1));
    return { dtype, shape: shape.slice(1), data: data.slice(row * width, (row + 1) * width) as never };
  };

/** The parts of one list of pictures in a folder; the one that was read last stays open. */
export class EmbeddingParts {
  readonly #folder: string;
  #open: { readonly path: string; readonly file: ReturnType<typeof openCheckpoint> } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The rows of a part, computed if no earlier run has left them. @throws AssayError FILE_DAMAGED */
  async part(name: string, compute: () => Promise<Part>): Promise<RowReader> {
    const path = join(this.#folder, `${name}.safetensors`);
    if (firstFile([path]) === undefined) {
      const part = await compute();
      makeFolder(this.#folder);
      writeSafetensors(
        path,
        Object.entries(part).map(([key, tensor]) => sourceOf(key, tensor)),
      );
    }
    return (key, row) => {
      const { shape, ...tensor } = this.#at(path).readRows(key, { from: row, to: row + 1 });
      return { ...tensor, shape: shape.slice(1) };
    };
  }

  /** Forgets what the run needs no longer. */
  remove(): void {
    this.close();
    removeFolder(this.#folder);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  close(): void {
    this.#open?.file.close();
    this.#open = undefined;
  }

  #at(path: string): ReturnType<typeof openCheckpoint> {
    if (this.#open?.path !== path) {
      this.close();
      this.#open = { path, file: openCheckpoint(path) };
    }
    return this.#open!.file;
  }
}
