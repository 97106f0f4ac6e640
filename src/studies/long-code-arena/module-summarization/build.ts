import { modulePages } from "../history/modules.ts";
import { filesNow, type Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { DocumentItem } from "./item.ts";

/** Pages of a repository's documentation that name files of code. */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<DocumentItem>> {
  const files = await filesNow(repository);
  const { items, notes } = modulePages(files, { repository: repository.name, limit: settings.items });
  const pages = items.map(({ path, fileName, intent, text, code }) => ({
    id: `${repository.name}/${path}`,
    repository: repository.name,
    file: fileName,
    intent,
    target: text,
    code,
  }));
  return { items: pages, notes };
}
