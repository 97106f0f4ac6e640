import { completions } from "../history/completions.ts";
import { lineClasses } from "../history/line-classes.ts";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { LineItem } from "./item.ts";

/** Lines of one file on average, of all classes together, as the official sets have them. */
const linesOfFile = 36;

/** Lines of files that a repository's commits added. */
export async function buildItems(repository: Repository, { settings, seed }: Making): Promise<Built<LineItem>> {
  const files = Math.max(1, Math.ceil(settings.items / linesOfFile));
  const { items, notes } = await completions(repository, { files, seed });
  const built = [];
  for (const { path, content, snapshot, size, commit, lines } of items) {
    const shared = {
      repository: repository.name,
      size,
      target: { path, content },
      snapshot: await repository.files(snapshot),
    };
    const own = lineClasses.flatMap((lineClass) =>
      lines[lineClass].map((line) => ({ id: `${commit}/${path}/${lineClass}/${line}`, ...shared, line, lineClass })),
    );
    built.push(...own);
  }
  return { items: spread(built, settings.items), notes };
}

/** The first of each class in turn, so that a few items show all classes; in the order of the file. */
function spread(items: readonly LineItem[], most: number): LineItem[] {
  const classes = [...Map.groupBy(items, ({ lineClass }) => lineClass).values()];
  const turns = Array.from({ length: Math.max(0, ...classes.map(({ length }) => length)) }, (_, at) =>
    classes.flatMap((members) => members[at] ?? []),
  );
  const kept = new Set(turns.flat().slice(0, most));
  return items.filter((item) => kept.has(item));
}
