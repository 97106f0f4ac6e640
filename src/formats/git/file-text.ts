import type { StoredObject } from "./objects.ts";
import type { TooLarge } from "./pack.ts";
import type { TreeFile } from "./tree-changes.ts";

/** A file's text, or why it has none. */
export type FileText =
  | { readonly text: string; readonly reason?: undefined }
  | { readonly text: null; readonly reason: string };

const none = (reason: string): FileText => ({ text: null, reason });

/** The text of a file as git stores it; line ends and a byte-order mark stay as they are. */
export function fileText({ kind }: Pick<TreeFile, "kind">, found: StoredObject | TooLarge | undefined): FileText {
  if (kind === "submodule") return none("a submodule, whose files are in another repository");
  if (kind === "link") return none("a symbolic link");
  if (found === undefined) return none("not in this clone");
  if ("tooLarge" in found) return none(`${found.tooLarge} bytes, too large`);
  return bytesText(found.bytes);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const pointer = "version https://git-lfs.github.com/spec/";

/** As git does, a NUL among the first 8,000 bytes makes a file binary. */
function bytesText(bytes: Buffer): FileText {
  if (bytes.subarray(0, 8000).includes(0)) return none("binary");
  if (bytes.toString("latin1", 0, pointer.length) === pointer) return none("a pointer of Git LFS");
  try {
    return { text: utf8.decode(bytes) };
  } catch {
    return none("not UTF-8");
  }
}
