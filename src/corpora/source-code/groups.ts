import { hashOf } from "#base";
import { nearDuplicates } from "./near-duplicates.ts";
import type { SourceText } from "./packages.ts";

/** What a model may be trained on, and what it is tested on. */
export type SourceSplit = "train" | "heldOut";

/** Files that are nearly the same, and so belong to one split. */
export interface SourceGroup {
  /** Hash of the hashes of its files: equal contents make equal groups, whatever their names. */
  readonly hash: string;
  readonly split: SourceSplit;
  readonly files: readonly SourceText[];
}

/** The hash of a group, from the hashes of its texts. */
export const groupHash = (hashes: readonly string[]): string => hashOf(hashes.toSorted());

/** One group in sixteen is held out. */
const isHeldOut = (hash: string): boolean => hash.endsWith("0");

const similarity = 0.6;

/** Files by near-duplicate group, sorted by hash; which split a group belongs to depends on its contents alone. */
export function sourceGroups(files: readonly SourceText[]): SourceGroup[] {
  const texts = files.map(({ text }) => text);
  return nearDuplicates(texts, { similarity })
    .map((places) => {
      const members = places.map((at) => files[at]!);
      const hash = groupHash(members.map((file) => file.hash));
      return { hash, split: isHeldOut(hash) ? ("heldOut" as const) : ("train" as const), files: members };
    })
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
}
