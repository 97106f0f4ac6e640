import { messages } from "../history/messages.ts";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { CommitItem } from "./item.ts";

/** Commits of a repository whose message can be written from their diff. */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<CommitItem>> {
  const { items, notes } = await messages(repository, { limit: settings.items });
  return { items: items.map(({ hash, ...item }) => ({ id: hash, ...item, changes: item.changes.map(plain) })), notes };
}

/** Diffs are read when they are looked at: an item holds them. */
const plain = ({ changeType, oldPath, newPath, diff }: CommitItem["changes"][number]) => ({
  changeType,
  oldPath,
  newPath,
  diff,
});
