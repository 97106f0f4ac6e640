import { AssayError } from "#base";

/** SQLite's primary result codes that a person can do something about. */
const explanations: Readonly<Record<number, { code: string; message: (file: string) => string }>> = {
  5: {
    code: "STORE_BUSY",
    message: (file) => `store: Another process held ${file} for over 10 s; wait for it, then resume`,
  },
  8: {
    code: "STORE_READ_ONLY",
    message: (file) =>
      `store: Expected to write ${file}, but it is read-only; change its permissions or choose another ASSAY_HOME`,
  },
  10: {
    code: "STORE_DISK",
    message: (file) =>
      `store: The disk failed while ${file} was read or written; what was committed before is safe, check the disk, then resume`,
  },
  11: {
    code: "STORE_CORRUPT",
    message: (file) => `store: ${file} is damaged; move it aside (do not delete it) and restore a copy`,
  },
  13: {
    code: "STORE_FULL",
    message: (file) =>
      `store: The disk is full while writing ${file}; everything committed is safe, free some space, then resume`,
  },
  14: {
    code: "STORE_MISSING",
    message: (file) =>
      `store: Expected a store at ${file}, and it could not be opened; run a study first or set ASSAY_HOME`,
  },
  26: {
    code: "STORE_CORRUPT",
    message: (file) => `store: ${file} is not an SQLite database; move it aside or choose another ASSAY_HOME`,
  },
};

/** Does `work` on a database file and turns SQLite's errors into ones for people. */
export function explaining<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explained(file, error);
  }
}

function explained(file: string, error: unknown): unknown {
  const { code, errcode } = (error ?? {}) as { code?: string; errcode?: number };
  if (code === "EROFS" || code === "EACCES") {
    return new AssayError("STORE_READ_ONLY", explanations[8]!.message(file), { cause: error });
  }
  if (code !== "ERR_SQLITE_ERROR" || errcode === undefined) return error;
  const known = explanations[errcode & 0xff];
  if (known === undefined) return error;
  return new AssayError(known.code, known.message(file), { cause: error, details: { file } });
}
