import { type StorageType, storageTypes } from "../checkpoints/storage-types.ts";
import { Global, refused, Tuple } from "./pickle-machine.ts";

/** Numbers outside the pickle, in an entry of the archive. */
export class TorchStorage {
  readonly key: string;
  /** Null for a storage of bytes, whose tensors say themselves what they hold. */
  readonly storage: StorageType | null;
  readonly bytes: number;

  constructor(key: string, { storage, bytes }: { storage: StorageType | null; bytes: number }) {
    this.key = key;
    this.storage = storage;
    this.bytes = bytes;
  }
}

/** A view of a storage. Offsets and strides count elements. */
export class TorchTensor {
  readonly storage: StorageType;
  readonly source: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: StorageType, view: Pick<TorchTensor, "source" | "offset" | "shape" | "strides">) {
    this.storage = storage;
    this.source = view.source;
    this.offset = view.offset;
    this.shape = view.shape;
    this.strides = view.strides;
  }
}

const storageNames: Readonly<Record<string, StorageType>> = {
  BoolStorage: "BOOL",
  ByteStorage: "U8",
  CharStorage: "I8",
  ShortStorage: "I16",
  IntStorage: "I32",
  LongStorage: "I64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  FloatStorage: "F32",
  DoubleStorage: "F64",
  ComplexFloatStorage: "C64",
};

const typeNames: Readonly<Record<string, StorageType>> = {
  bool: "BOOL",
  uint8: "U8",
  int8: "I8",
  int16: "I16",
  int32: "I32",
  int64: "I64",
  uint16: "U16",
  uint32: "U32",
  uint64: "U64",
  float16: "F16",
  bfloat16: "BF16",
  float32: "F32",
  float64: "F64",
  complex64: "C64",
  float8_e4m3fn: "F8_E4M3",
  float8_e5m2: "F8_E5M2",
  float8_e4m3fnuz: "F8_E4M3FNUZ",
  float8_e5m2fnuz: "F8_E5M2FNUZ",
  float8_e8m0fnu: "F8_E8M0",
};

/** The only names that a file of tensors may use, and what each makes. */
export function torchGlobals(path: string): ReadonlyMap<string, Global> {
  const fail = (what: string) => refused(path, what);
  const callables: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
    "collections OrderedDict": (args) => (args.length === 0 ? new Map() : mapOf(args[0], fail)),
    "torch._utils _rebuild_tensor_v2": ([storage, offset, shape, strides]) =>
      tensorOf({ storage, offset, shape, strides, type: undefined }, fail),
    "torch._utils _rebuild_tensor_v3": ([storage, offset, shape, strides, , , type]) =>
      tensorOf({ storage, offset, shape, strides, type }, fail),
    "torch._utils _rebuild_parameter": ([tensor]) => tensor,
    "torch Size": ([size]) => size,
    "torch device": ([name]) => name,
    "__builtin__ set": ([items]) => items,
    "_codecs encode": ([text]) => text,
  };
  const constants = [
    "torch.storage UntypedStorage",
    ...Object.keys(storageNames).map((name) => `torch ${name}`),
    ...Object.keys(typeNames).map((name) => `torch ${name}`),
  ];
  return new Map([
    ...Object.entries(callables).map(([name, call]) => [name, new Global(name, call)] as const),
    ...constants.map((name) => [name, new Global(name)] as const),
  ]);
}

type Fail = (what: string) => Error;

function mapOf(pairs: unknown, fail: Fail): Map<unknown, unknown> {
  if (!Array.isArray(pairs)) throw fail("a dictionary of something else than pairs");
  return new Map(
    pairs.map((pair) => {
      const items: unknown = pair instanceof Tuple ? pair.items : pair;
      if (!Array.isArray(items) || items.length !== 2) throw fail("a dictionary of something else than pairs");
      return items as [unknown, unknown];
    }),
  );
}

/** Python's persistent id of a storage: ("storage", its class, its key, where it lived, how many values). */
export function storageOfId(id: unknown, path: string): TorchStorage {
  const [kind, type, key, , count] = id instanceof Tuple ? id.items : [];
  const isWhole = kind === "storage" && type instanceof Global && typeof key === "string" && isCount(count);
  if (!isWhole) throw refused(path, "a reference that is no storage");
  const [, name] = type.name.split(" ") as [string, string];
  if (name === "UntypedStorage") return new TorchStorage(key, { storage: null, bytes: count });
  const storage = Object.hasOwn(storageNames, name) ? storageNames[name] : undefined;
  if (storage === undefined) throw refused(path, `a storage of ${name}`);
  return new TorchStorage(key, { storage, bytes: count * storageTypes[storage].bytes });
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A view with a stride of 0 may be larger than its storage, but not without end. */
const largestExpansion = 2 ** 30;

interface Rebuilt {
  readonly storage: unknown;
  readonly offset: unknown;
  readonly shape: unknown;
  readonly strides: unknown;
  readonly type: unknown;
}

function tensorOf({ storage: source, offset, shape, strides, type }: Rebuilt, fail: Fail): TorchTensor {
  const [axes, steps] = [countsOf(shape), countsOf(strides)];
  const storage = typeOf(source, type);
  if (
    !(source instanceof TorchStorage) ||
    storage === null ||
    !isCount(offset) ||
    !axes ||
    axes.length !== steps?.length
  ) {
    throw fail("a tensor without storage, shape or strides");
  }
  const end = axes.includes(0) ? 0 : offset + 1 + axes.reduce((sum, axis, at) => sum + (axis - 1) * steps[at]!, 0);
  const size = axes.reduce((product, axis) => product * axis, storageTypes[storage].bytes);
  const isInside =
    end * storageTypes[storage].bytes <= source.bytes && size <= Math.max(source.bytes, largestExpansion);
  if (!isInside) throw fail(`a tensor [${axes.slice(0, 8).join(", ")}] beyond its storage of ${source.bytes} bytes`);
  return new TorchTensor(storage, { source, offset, shape: axes, strides: steps });
}

function typeOf(source: unknown, type: unknown): StorageType | null {
  if (!(type instanceof Global)) return source instanceof TorchStorage ? source.storage : null;
  return typeNames[type.name.split(" ")[1]!] ?? null;
}

function countsOf(value: unknown): readonly number[] | undefined {
  const items = value instanceof Tuple ? value.items : undefined;
  return items?.every(isCount) ? (items as readonly number[]) : undefined;
}
