/** A local git repository as tasks see one. */
import { hashOf } from "#base";
import type { FileChange, RepositoryFile } from "#evals";
import {
  type Repository as GitRepository,
  openRepository,
  type TreeChange,
  type TreeFile,
  writeFiles,
} from "#formats/git";
import type { Commit, IssueText, Repository } from "../repository.ts";

/** Which state is looked at, and under which name. */
export interface LocalRepositoryOptions {
  /** HEAD when left out. */
  readonly revision?: string;
  /** `owner__name`; the last part of the path when left out. */
  readonly name?: string;
  /** Issues by the commit that closed them, where they are known. */
  readonly issues?: ReadonlyMap<string, IssueText>;
  /** Whether the lab's own models never read a file. */
  readonly isUnseen?: (path: string) => boolean;
  /** True for code that the package brings itself. */
  readonly isOwnCode?: boolean;
}

/**
 * Opens a local repository; nothing of it is executed. Texts are read when they are looked at.
 *
 * @throws AssayError GIT_MISSING for a folder or an archive without history, GIT_UNSUPPORTED, GIT_REVISION_UNKNOWN
 */
export function openLocalRepository(
  path: string,
  { revision, name, issues, isUnseen, isOwnCode = false }: LocalRepositoryOptions = {},
): Repository & { readonly git: GitRepository } {
  const git = openRepository(path);
  const head = git.resolve(revision);
  const texts = new TextCache(git);
  return {
    git,
    name: name ?? `local__${git.name}`,
    identity: hashOf({ head, shallow: [...git.shallow].sort() }),
    head,
    notes: missingParts(git, head),
    ...(issues !== undefined && { issues }),
    ...(isUnseen !== undefined && { isUnseen }),
    isOwnCode,
    commits: async () => commitsOf(git, head),
    changes: async ({ hash, parent }) => git.changes(hash, parent).map((change) => lazyChange(git, change)),
    files: async (hash) => git.files(hash).map((file) => lazyFile(file, texts)),
    write: (hash, options) => writeFiles(git, hash, options).leftOut.map(({ path, reason }) => `${path}: ${reason}`),
  };
}

/** Commits with one parent; a root has nothing before it, and a merge nothing of its own. */
function commitsOf(git: GitRepository, head: string): Commit[] {
  return [...git.history({ from: head })]
    .filter(({ parents }) => parents.length === 1)
    .map(({ id, parents, author, message }) => ({
      hash: id,
      parent: parents[0]!,
      message,
      date: dateOf(author.seconds),
    }));
}

/** The last second that a date of JavaScript's can be. */
const lastSecond = 8.64e12;

/** Broken clocks and tools write any number. */
const dateOf = (seconds: number): string =>
  new Date(1000 * Math.max(-lastSecond, Math.min(seconds, lastSecond))).toISOString();

function lazyChange(git: GitRepository, change: TreeChange): FileChange {
  let diff: string | undefined;
  return {
    changeType: change.changeType,
    oldPath: change.before?.path ?? null,
    newPath: change.after?.path ?? null,
    get diff() {
      diff ??= git.diff(change).diff;
      return diff;
    },
  };
}

const lazyFile = (file: TreeFile, texts: TextCache): RepositoryFile => ({
  path: file.path,
  get content() {
    return texts.get(file);
  },
});

const budget = 2 ** 27;

/** Most files are the same in every state that is looked at. */
class TextCache {
  readonly #git: GitRepository;
  readonly #texts = new Map<string, string | null>();
  #characters = 0;

  constructor(git: GitRepository) {
    this.#git = git;
  }

  get(file: TreeFile): string | null {
    const key = `${file.kind} ${file.id}`;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const { text } = this.#git.text(file);
    if (this.#characters > budget) this.#clear();
    this.#characters += text?.length ?? 0;
    this.#texts.set(key, text);
    return text;
  }

  #clear(): void {
    this.#texts.clear();
    this.#characters = 0;
  }
}

/** What a person must know about a clone, one line each. */
function missingParts(git: GitRepository, head: string): string[] {
  const files = git.files(head);
  const of = (kind: TreeFile["kind"]) => files.filter((file) => file.kind === kind).map(({ path }) => path);
  const some = (paths: readonly string[]) => paths.slice(0, 3).join(", ") + (paths.length > 3 ? ", …" : "");
  const [modules, links] = [of("submodule"), of("link")];
  const notes = [
    ...(git.shallow.size > 0
      ? [
          `a shallow clone, cut at ${numbered(git.shallow.size, "commit")}: what is older gives no items (git fetch --unshallow)`,
        ]
      : []),
    ...(modules.length > 0 ? [`${numbered(modules.length, "submodule")} not read: ${some(modules)}`] : []),
    ...(links.length > 0 ? [`${numbered(links.length, "symbolic link")} not followed: ${some(links)}`] : []),
    ...(files.some(({ path }) => path.endsWith(".gitattributes")) ? lfsNote(git, files) : []),
  ];
  return notes.map((note) => `${git.name}: ${note}`);
}

const numbered = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

function lfsNote(git: GitRepository, files: readonly TreeFile[]): string[] {
  const attributes = files.filter(({ path }) => path.endsWith(".gitattributes"));
  const uses = attributes.some((file) => git.text(file).text?.includes("filter=lfs"));
  return uses ? ["some files are kept by Git LFS and have no text here"] : [];
}
