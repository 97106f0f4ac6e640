/** What a commit does to one file. */
export interface FileChange {
  readonly changeType: "ADD" | "COPY" | "RENAME" | "DELETE" | "MODIFY" | "UNKNOWN";
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly diff: string;
}

/**
 * A commit as one text: for each file a line or two with its path, then its diff; unknown changes are left out.
 *
 * Source   Long Code Arena, commit message generation, simple_diff_preprocessor.py
 */
export function diffText(changes: readonly FileChange[]): string {
  const known = changes.filter(({ changeType }) => changeType !== "UNKNOWN");
  return known.flatMap((change) => [headOf(change), change.diff]).join("\n");
}

function headOf({ changeType, oldPath, newPath }: FileChange): string {
  if (changeType === "ADD") return `new file ${newPath}`;
  if (changeType === "DELETE") return `deleted file ${oldPath}`;
  if (changeType === "RENAME") return `rename from ${oldPath}\nrename to ${newPath}`;
  return changeType === "COPY" ? `copy from ${oldPath}\ncopy to ${newPath}` : `${newPath}`;
}
