import { AssayError } from "#base";
import { storageTypes } from "../checkpoints/storage-types.ts";
import type { OpenedTensors, StoredTensor } from "../checkpoints/stored-tensor.ts";
import { bytesAt, partOf } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { packedPart, readZipDirectory, unpackedPart, type ZipEntry } from "../files/zip.ts";
import { isContiguous, stridedSource } from "./strided-source.ts";
import { storageOfId, TorchTensor, torchGlobals } from "./torch-names.ts";
import { unpickle } from "./unpickle.ts";

/** Where training scripts put the weights when the file holds more than them. */
const wrappers = ["state_dict", "model_state_dict", "model", "module"];

/** A pickle is a few hundred bytes for each tensor. */
const largestPickle = 2 ** 28;

/**
 * Opens a dictionary of tensors that `torch.save` wrote (PyTorch 1.6 or later) without running anything of it; values
 * stay on disk until they are read.
 *
 * @throws AssayError PICKLE_REFUSED, CHECKPOINT_INVALID, ARCHIVE_INVALID, FILE_MISSING
 */
export function openPytorch(path: string): OpenedTensors {
  const file = new RangedFile(path);
  try {
    refuseLegacy(file);
    const archive = openArchive(file);
    const root = unpickle(archive.pickle, {
      path,
      globals: torchGlobals(path),
      persistent: (id) => storageOfId(id, path),
    });
    const found = namedTensors(root, path);
    const tensors = found.map(([name, tensor]) => storedTensor(name, tensor, archive));
    return { file, tensors: tensors.sort((a, b) => a.position - b.position), metadata: {} };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The old format is pickles one behind the other, the first of them a magic number. */
function refuseLegacy(file: RangedFile): void {
  if (file.size >= 2 && bytesAt(file, 0, 1)[0] === 0x80) {
    throw fault(
      file.path,
      "one from before PyTorch 1.6; load it there and torch.save it again, or convert it to safetensors",
    );
  }
}

interface Archive {
  readonly file: RangedFile;
  readonly folder: string;
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly pickle: Uint8Array;
}

function openArchive(file: RangedFile): Archive {
  const entries = new Map(readZipDirectory(file).map((entry) => [entry.name, entry]));
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) throw fault(file.path, `an archive with ${pickles.length} data.pkl`);
  const folder = pickles[0]!.slice(0, -"data.pkl".length);
  if (entries.has(`${folder}constants.pkl`)) throw fault(file.path, "a TorchScript program");
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && textOf(file, order) !== "little") throw fault(file.path, "numbers in big-endian order");
  const entry = entries.get(pickles[0]!)!;
  if (entry.size > largestPickle) throw fault(file.path, `a pickle of ${entry.size} bytes`);
  const part = unpackedPart(file, entry);
  return { file, folder, entries, pickle: bytesAt(part, 0, part.size) };
}

function textOf(file: RangedFile, entry: ZipEntry): string {
  const part = unpackedPart(file, entry);
  return Buffer.from(bytesAt(part, 0, Math.min(part.size, 16))).toString("latin1");
}

function namedTensors(root: unknown, path: string): [string, TorchTensor][] {
  const inside =
    root instanceof Map ? wrappers.map((key) => root.get(key)).find((value) => tensorsIn(value).length > 0) : null;
  const found = tensorsIn(inside ?? root);
  if (found.length > 0) return found;
  const keys = root instanceof Map ? [...root.keys()].slice(0, 8).map(shown).join(", ") || "none" : typeof root;
  throw fault(path, `no tensor by name (keys: ${keys})`);
}

/** A list as a key may hold itself many times over: as text it would have no end. */
const shown = (key: unknown): string =>
  typeof key === "string" || typeof key === "number" ? String(key).slice(0, 100) : typeof key;

function tensorsIn(value: unknown): [string, TorchTensor][] {
  if (!(value instanceof Map)) return [];
  return [...value].filter(
    (pair): pair is [string, TorchTensor] => typeof pair[0] === "string" && pair[1] instanceof TorchTensor,
  );
}

function storedTensor(name: string, tensor: TorchTensor, { file, folder, entries }: Archive): StoredTensor {
  const { source, storage, shape, strides, offset } = tensor;
  const entry = entries.get(`${folder}data/${source.key}`);
  if (entry === undefined) throw fault(file.path, `no storage ${source.key} for "${name}"`);
  if (entry.method !== "stored" || entry.size < source.bytes) {
    throw fault(file.path, `${entry.size} ${entry.method} bytes for the storage of "${name}" of ${source.bytes}`);
  }
  const { start } = packedPart(file, entry);
  const width = storageTypes[storage].bytes;
  if (isContiguous(tensor)) return { name, storage, shape, file, position: start + offset * width };
  const part = partOf(file, { path: file.path, start, size: source.bytes });
  return { name, storage, shape, file: stridedSource(part, { width, offset, shape, strides }), position: 0 };
}

const fault = (path: string, got: string): AssayError =>
  new AssayError(
    "CHECKPOINT_INVALID",
    `pytorch: Expected a dictionary of tensors from torch.save at ${path}, got ${got}`,
  );
