/** What a task may ask of a repository; whoever reads git, an archive or a generated history gives it. */
import type { FileChange, RepositoryFile } from "#evals";
import type { WriteFilesOptions } from "#formats/git";

/** One commit with one parent, as a line of a history. */
export interface Commit {
  readonly hash: string;
  readonly parent: string;
  /** ISO 8601. */
  readonly date: string;
  readonly message: string;
}

/** The text of an issue that a commit closed. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** A repository whose history can be read. */
export interface Repository {
  /** `owner__name` */
  readonly name: string;
  /** Hash of what decides its items: its head commit. */
  readonly identity: string;
  /** The state that counts as now. */
  readonly head: string;
  /** What is not there: a shallow history, submodules, files that are no text. */
  readonly notes: readonly string[];
  /** Commits that are no merges, the newest first. */
  commits(): Promise<readonly Commit[]>;
  /** What a commit does to each file, diffs included. */
  changes(commit: Commit): Promise<readonly FileChange[]>;
  /** Every file of a commit, in the order of their paths; null where it is no text or too large. */
  files(hash: string): Promise<readonly RepositoryFile[]>;
  /** Issues by the commit that closed them, where they are known. */
  readonly issues?: ReadonlyMap<string, IssueText>;
  /** Whether the lab's own models never read a file; absent where that is true of all. */
  readonly isUnseen?: (path: string) => boolean;
  /** True for code that the package brings itself: nobody's word is needed to run it. */
  readonly isOwnCode?: boolean;
  /** Writes the files of a commit into a folder, some of them changed, and says what was left out. */
  write(hash: string, options: WriteFilesOptions): readonly string[];
}

/** Every file as it is now. */
export const filesNow = (repository: Repository): Promise<readonly RepositoryFile[]> =>
  repository.files(repository.head);
