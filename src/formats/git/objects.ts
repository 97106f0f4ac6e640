import { AssayError } from "#base";

/** The four kinds of things that git stores. */
export type ObjectKind = "commit" | "tree" | "blob" | "tag";

/** A stored thing, unpacked. */
export interface StoredObject {
  readonly kind: ObjectKind;
  readonly bytes: Buffer;
}

/** Who wrote a commit, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly seconds: number;
  /** As git writes it: `+0200`. */
  readonly zone: string;
}

/** One commit. */
export interface Commit {
  readonly id: string;
  readonly tree: string;
  /** Empty for a root, and where a shallow clone was cut. */
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** What stands at a place of a tree. */
export type EntryKind = "file" | "executable" | "link" | "submodule" | "folder";

/** One line of a tree. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: EntryKind;
  readonly id: string;
}

/** Reads a commit; a text that says another encoding is decoded by it. @throws AssayError GIT_DAMAGED */
export function parseCommit(id: string, bytes: Buffer): Commit {
  const split = bytes.indexOf("\n\n");
  const head = split < 0 ? bytes : bytes.subarray(0, split);
  const encoding = /^encoding (.+)$/m.exec(head.toString("latin1"))?.[1];
  const lines = decoded(head, encoding).split("\n");
  const values = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const [tree] = values("tree");
  if (tree === undefined) throw damaged(`commit ${id}`, "a tree");
  return {
    id,
    tree,
    parents: values("parent"),
    author: signatureOf(values("author")[0]),
    committer: signatureOf(values("committer")[0]),
    message: split < 0 ? "" : decoded(bytes.subarray(split + 2), encoding),
  };
}

/** The email ends at the first `>` and the date stands behind the last: a name may hold what it likes. */
function signatureOf(line = ""): Signature {
  const [, name = "", email = "", seconds = "0", zone = "+0000"] =
    /^(.*?) ?<([^>]*)>(?:.*>)? ?(-?\d+)? ?([+-]\d+)?$/.exec(line) ?? [];
  return { name, email, seconds: Number(seconds), zone };
}

function decoded(bytes: Buffer, encoding = "utf-8"): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

const kinds: Readonly<Record<string, EntryKind>> = { "40000": "folder", "120000": "link", "160000": "submodule" };

/** Some older programs wrote `040000`; git reads it too. */
const unpadded = (mode: string): string => mode.replace(/^0+/, "");

/** Reads the lines of a tree in their stored order. @throws AssayError GIT_DAMAGED */
export function parseTree(id: string, bytes: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    if (space < 0 || end < 0 || end + 21 > bytes.length) throw damaged(`tree ${id}`, "mode, name and identity");
    const mode = bytes.toString("latin1", at, space);
    const kind = kinds[unpadded(mode)] ?? ((Number.parseInt(mode, 8) & 0o100) === 0 ? "file" : "executable");
    entries.push({ name: nameOf(bytes.subarray(space + 1, end)), kind, id: bytes.toString("hex", end + 1, end + 21) });
    at = end + 21;
  }
  return entries;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A name that is not UTF-8 keeps its bytes as `%E9`, so that two names never become one. */
function nameOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString("latin1").replaceAll(/[%\x80-\xff]/g, (byte) => `%${hexOf(byte)}`);
  }
}

const hexOf = (byte: string): string => byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");

/** The error of a repository whose bytes make no sense. */
export function damaged(what: string, expected: string, cause?: unknown): AssayError {
  return new AssayError("GIT_DAMAGED", `git: Expected ${expected} in ${what}; run "git fsck", or clone again`, {
    cause,
  });
}

/**
 * Reads foreign bytes: what zlib and buffers throw at nonsense becomes one error, and so does a chain that leads back
 * into itself and overflows the stack (a delta on itself, a tree within itself).
 *
 * @throws AssayError GIT_DAMAGED
 */
export function orDamaged<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw damaged(what, `bytes that make sense (${(cause as Error).message})`, cause);
  }
}
