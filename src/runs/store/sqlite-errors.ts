import { AssayError } from "#base";

interface Explanation {
  readonly code: string;
  readonly message: (file: string) => string;
}

const readOnly: Explanation = {
  code: "STORE_READ_ONLY",
  message: (file) =>
    `store: Expected to write ${file}, but it is read-only; change its permissions or choose another ASSAY_HOME`,
};
const full: Explanation = {
  code: "STORE_FULL",
  message: (file) =>
    `store: The disk is full while writing ${file}; everything committed is safe, free some space, then resume`,
};
const corrupt: Explanation = {
  code: "STORE_CORRUPT",
  message: (file) =>
    `store: ${file} is damaged and was left as it is; restore a copy, or move it aside and start anew: assay doctor --move-aside`,
};

/** SQLite's primary result codes that a person can do something about. */
const explanations: Readonly<Record<number, Explanation>> = {
  5: {
    code: "STORE_BUSY",
    message: (file) => `store: Another process held ${file} for over 10 s; wait for it, then resume`,
  },
  8: readOnly,
  10: {
    code: "STORE_DISK",
    message: (file) =>
      `store: The disk failed while ${file} was read or written; what was committed before is safe, check the disk, then resume`,
  },
  11: corrupt,
  13: full,
  14: {
    code: "STORE_MISSING",
    message: (file) =>
      `store: Expected a store at ${file}, and it could not be opened; run a study first or set ASSAY_HOME`,
  },
  26: {
    code: "STORE_CORRUPT",
    message: (file) =>
      `store: ${file} is not an SQLite database and was left as it is; choose another ASSAY_HOME, or move it aside and start anew: assay doctor --move-aside`,
  },
};

/** The file system's own refusals. */
const fileExplanations: Readonly<Record<string, Explanation>> = {
  EROFS: readOnly,
  EACCES: readOnly,
  EPERM: readOnly,
  ENOSPC: full,
  EDQUOT: full,
  ENOTDIR: {
    code: "STORE_NO_FOLDER",
    message: (file) => `store: Expected a folder for ${file}, found a file in its place; choose another ASSAY_HOME`,
  },
};

/** Does `work` on a file of the store and turns the errors of SQLite and the file system into ones for people. */
export function explaining<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explained(file, error);
  }
}

/** The error for people, or the same one when there is nothing to add. */
export function explained(file: string, error: unknown): unknown {
  const { code, errcode } = (error ?? {}) as { code?: string; errcode?: number };
  const known =
    code === "ERR_SQLITE_ERROR" && errcode !== undefined
      ? explanations[errcode & 0xff]
      : fileExplanations[code === "EEXIST" ? "ENOTDIR" : (code ?? "")];
  return known === undefined
    ? error
    : new AssayError(known.code, known.message(file), { cause: error, details: { file } });
}

/** The error of a store whose pages contradict each other; `found` is SQLite's own words. */
export function damaged(file: string, found: string): AssayError {
  return new AssayError(corrupt.code, corrupt.message(file), { details: { file, found } });
}
