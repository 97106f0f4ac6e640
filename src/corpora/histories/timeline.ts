import type { WrittenCommit, WrittenFile } from "#formats/git";

/** The text of an issue, as somebody who met the bug would write it. */
export interface Issue {
  readonly title: string;
  readonly body: string;
}

/** A repository's history that is made, not found. */
export interface GeneratedHistory {
  /** `owner__name` */
  readonly name: string;
  /** What it is made of, for people. */
  readonly about: string;
  readonly commits: readonly WrittenCommit[];
  /** Issues by the place of the commit that closes them. */
  readonly issues: ReadonlyMap<number, Issue>;
  /** Texts that somebody else published, by their paths: a model may have read them. */
  readonly installed?: ReadonlyMap<string, string>;
  /** Places of commits that break a build, and of those that mend it. */
  readonly builds: readonly { readonly fail: number; readonly success: number }[];
}

/** Noon on the first of January 2024, and six hours between commits: the same history on every machine. */
const start = Date.UTC(2024, 0, 1, 12) / 1000;
const between = 6 * 3600;
const author = { name: "Assay", email: "assay@example.org" };

/** A history while it is written. */
export class Timeline {
  readonly commits: WrittenCommit[] = [];
  readonly issues = new Map<number, Issue>();
  readonly builds: { fail: number; success: number }[] = [];
  #files: ReadonlyMap<string, WrittenFile> = new Map();

  /** Adds a commit that changes some files (null takes one away), and returns its place. */
  commit(message: string, changes: Readonly<Record<string, string | null>>): number {
    const files = new Map(this.#files);
    for (const [path, text] of Object.entries(changes)) {
      if (text === null) files.delete(path);
      else files.set(path, text);
    }
    this.#files = files;
    const seconds = start + this.commits.length * between;
    this.commits.push({ message, author, seconds, files });
    return this.commits.length - 1;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }
}
