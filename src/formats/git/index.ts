export type { FileText } from "./file-text.ts";
export type { HistoryOptions } from "./history.ts";
export type { Commit, EntryKind, Signature } from "./objects.ts";
export { type FileDiff, openRepository, Repository } from "./repository.ts";
export { folderSnapshot, type SnapshotFile, snapshotOf } from "./snapshot.ts";
export { type TextDiffOptions, textDiff } from "./text-diff.ts";
export type { TreeChange, TreeFile } from "./tree-changes.ts";
export { type WrittenFiles, writeFiles } from "./write-files.ts";
export { type WrittenCommit, type WrittenFile, writeRepository } from "./write-repository.ts";
