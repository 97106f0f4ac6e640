import type { DType } from "#base";

/** How one number type of a file is stored: bytes a value, and what it becomes in memory (null: kept as raw bytes only). */
export interface StorageRule {
  readonly bytes: number;
  readonly dtype: DType | null;
}

/** Every number type that a checkpoint may hold, under its safetensors name, in the order of the reference's own list. */
export const storageTypes = {
  BOOL: { bytes: 1, dtype: "bool" },
  U8: { bytes: 1, dtype: "int32" },
  I8: { bytes: 1, dtype: "int32" },
  F8_E5M2: { bytes: 1, dtype: null },
  F8_E4M3: { bytes: 1, dtype: null },
  F8_E8M0: { bytes: 1, dtype: null },
  F8_E4M3FNUZ: { bytes: 1, dtype: null },
  F8_E5M2FNUZ: { bytes: 1, dtype: null },
  I16: { bytes: 2, dtype: "int32" },
  U16: { bytes: 2, dtype: "int32" },
  F16: { bytes: 2, dtype: "float32" },
  BF16: { bytes: 2, dtype: "float32" },
  I32: { bytes: 4, dtype: "int32" },
  U32: { bytes: 4, dtype: "int64" },
  F32: { bytes: 4, dtype: "float32" },
  C64: { bytes: 8, dtype: null },
  F64: { bytes: 8, dtype: "float64" },
  I64: { bytes: 8, dtype: "int64" },
  U64: { bytes: 8, dtype: "int64" },
} as const satisfies Readonly<Record<string, StorageRule>>;

/** The safetensors name of a number type on disk: `F32`, `BF16` … */
export type StorageType = keyof typeof storageTypes;

/** Whether a name is one of the known storage types. */
export function isStorageType(name: unknown): name is StorageType {
  return typeof name === "string" && Object.hasOwn(storageTypes, name);
}

/** The storage type that keeps a host number type as it is. */
export const storageOf = {
  float32: "F32",
  float64: "F64",
  int32: "I32",
  int64: "I64",
  bool: "BOOL",
} as const satisfies Readonly<Record<DType, StorageType>>;
