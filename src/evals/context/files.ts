/** A file of a repository as it was before the change. */
export interface RepositoryFile {
  readonly path: string;
  /** Null where it is no text. */
  readonly content: string | null;
}

/** A file whose text can stand in a context. */
export interface TextFile extends RepositoryFile {
  readonly content: string;
}

/** Which files a context may use, and why the others are left out. */
export interface OfferedFiles {
  readonly offered: readonly TextFile[];
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

const longest = 16_000;

/**
 * The files that a context may use, in the order in which they came: Python always, other text when it is short.
 *
 * Source   Long Code Arena, project-level code completion; the paper's variant "only .py" is `onlyPython`
 */
export function offeredFiles(
  files: readonly RepositoryFile[],
  { onlyPython = false }: { readonly onlyPython?: boolean } = {},
): OfferedFiles {
  const judged = files.map((file) => ({ file, reason: reasonAgainst(file, onlyPython) }));
  return {
    offered: judged.flatMap(({ file, reason }) => (reason === undefined ? [file as TextFile] : [])),
    leftOut: judged.flatMap(({ file: { path }, reason }) => (reason === undefined ? [] : [{ path, reason }])),
  };
}

function reasonAgainst({ path, content }: RepositoryFile, onlyPython: boolean): string | undefined {
  if (content === null) return "no text";
  if (path.endsWith(".py")) return undefined;
  if (onlyPython) return "not Python";
  if (path.startsWith(".")) return "hidden";
  if (path.toLowerCase().includes("license")) return "a licence";
  return content.length >= longest ? `not Python and ${longest} characters or more` : undefined;
}
