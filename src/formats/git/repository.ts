import { basename, resolve } from "node:path";
import { AssayError } from "#base";
import { type FileText, fileText } from "./file-text.ts";
import { findGitFolder, type GitFolder, textOf } from "./git-folder.ts";
import { type History, type HistoryOptions, history } from "./history.ts";
import { mergeBase } from "./merge-base.ts";
import { ObjectStore } from "./object-store.ts";
import { type Commit, damaged, type ObjectKind, orDamaged, parseCommit, parseTree, type TreeEntry } from "./objects.ts";
import { References } from "./references.ts";
import { resolveRevision } from "./revisions.ts";
import { textDiff } from "./text-diff.ts";
import { changesBetween, filesOf, type TreeChange, type TreeFile } from "./tree-changes.ts";

/** A change of one file with its text. */
export interface FileDiff extends TreeChange {
  readonly path: string;
  /** From the first `@@` on; empty where there is no text. */
  readonly diff: string;
  /** Why there is no text: binary, too large, a link, a submodule. */
  readonly reason?: string;
}

/** Files above this have no text. */
const largestText = 2 ** 21;

/** Opens a repository. @throws AssayError GIT_MISSING for a folder without one; GIT_UNSUPPORTED */
export function openRepository(path: string): Repository {
  const folder = findGitFolder(path);
  if (folder !== undefined) return new Repository(path, folder);
  const what = `git: Found no repository in ${path}: without .git there are no commits, so no changes, no messages`;
  throw new AssayError("GIT_MISSING", `${what} and no older states; clone it with its history (an archive has none)`);
}

/** A local git repository, read as data: no program is started, and no setting, hook, filter or attribute is followed. */
export class Repository {
  readonly path: string;
  /** The last part of its path. */
  readonly name: string;
  /** Commits at which a shallow clone was cut: their parents are not here. */
  readonly shallow: ReadonlySet<string>;
  readonly #objects: ObjectStore;
  readonly #references: References;
  readonly #commits = new Map<string, Commit>();

  constructor(path: string, folder: GitFolder) {
    this.path = path;
    this.name = basename(resolve(path)).replace(/\.git$/, "");
    this.#objects = new ObjectStore(resolve(folder.shared, "objects"));
    this.#references = new References(folder);
    this.shallow = new Set((textOf(resolve(folder.shared, "shallow")) ?? "").split("\n").filter(Boolean));
  }

  /** The identity of the commit that a revision names: `HEAD`, `v1.2`, `main~3`, `1a2b3c4`. @throws AssayError GIT_REVISION_UNKNOWN */
  resolve(revision = "HEAD"): string {
    return orDamaged(`"${revision}"`, () =>
      resolveRevision(revision, {
        find: (name) => this.#references.find(name),
        startingWith: (digits) => this.#objects.startingWith(digits),
        object: (id) => this.#read(id),
        parents: (id) => this.#commit(id).parents,
        names: () => this.#references.names(),
      }),
    );
  }

  /** Full names of branches and tags, sorted. */
  references(): string[] {
    return this.#references.names();
  }

  /** The commit that a revision names. @throws AssayError GIT_REVISION_UNKNOWN, GIT_OBJECT_MISSING */
  commit(revision = "HEAD"): Commit {
    return this.#commit(this.resolve(revision));
  }

  /** Commits that a revision leads to, the youngest first. */
  history(options: HistoryOptions = {}): History {
    return history(this.resolve(options.from), { ...options, commit: (id) => this.#commit(id) });
  }

  /** The identity of the commit from which two others parted; undefined where this clone has none. */
  mergeBase(one: string, other: string): string | undefined {
    return mergeBase(this.resolve(one), this.resolve(other), (id) => this.#commit(id));
  }

  /** Every file of a commit, sorted as git does. */
  files(revision = "HEAD"): TreeFile[] {
    const { tree } = this.commit(revision);
    return orDamaged(`tree ${tree}`, () => filesOf((id) => this.#tree(id), tree));
  }

  /** What a commit changed since its first parent, or since another one. */
  changes(revision = "HEAD", before?: string): TreeChange[] {
    const after = this.commit(revision);
    const parent = before === undefined ? after.parents[0] : this.resolve(before);
    const old = parent === undefined ? undefined : this.#commit(parent).tree;
    return orDamaged(`tree ${after.tree}`, () => changesBetween((id) => this.#tree(id), old, after.tree));
  }

  /** A file's text, or why it has none. */
  text(file: Pick<TreeFile, "id" | "kind">, { limit = largestText } = {}): FileText {
    const isFile = file.kind === "file" || file.kind === "executable";
    return fileText(file, isFile ? this.#objects.find(file.id, limit) : undefined);
  }

  /** A file's bytes; of a symbolic link, where it leads. @throws AssayError GIT_OBJECT_MISSING, GIT_FILE_TOO_LARGE */
  bytes(file: Pick<TreeFile, "id">, { limit = 2 ** 28 } = {}): Buffer {
    const found = this.#objects.read(file.id, limit);
    if (!("tooLarge" in found)) return found.bytes;
    const what = `git: Expected a file of at most ${limit} bytes, got ${found.tooLarge}`;
    throw new AssayError("GIT_FILE_TOO_LARGE", `${what}; raise the limit, or leave it out`);
  }

  /** A change with its difference in text. */
  diff(change: TreeChange, { context = 3, limit = largestText } = {}): FileDiff {
    const path = (change.after ?? change.before)!.path;
    const [before, after] = [change.before, change.after].map((file) => this.#side(file, limit));
    if (before!.text === null) return { ...change, path, diff: "", reason: before!.reason };
    if (after!.text === null) return { ...change, path, diff: "", reason: after!.reason };
    return { ...change, path, diff: textDiff(before!.text, after!.text, { context }) };
  }

  close(): void {
    this.#objects.close();
  }

  #side(file: TreeFile | undefined, limit: number): FileText {
    return file === undefined ? { text: "" } : this.text(file, { limit });
  }

  #commit(id: string): Commit {
    const known = this.#commits.get(id);
    if (known !== undefined) return known;
    const found = parseCommit(id, this.#read(id, "commit").bytes);
    const commit = this.shallow.has(id) ? { ...found, parents: [] } : found;
    this.#commits.set(id, commit);
    return commit;
  }

  #tree(id: string): readonly TreeEntry[] {
    return parseTree(id, this.#read(id, "tree").bytes);
  }

  #read(id: string, kind?: ObjectKind): { kind: ObjectKind; bytes: Buffer } {
    const found = this.#objects.read(id);
    if ("tooLarge" in found) throw damaged(`object ${id}`, "a size");
    if (kind !== undefined && found.kind !== kind) throw damaged(`object ${id}`, `a ${kind}, not a ${found.kind}`);
    return found;
  }
}
