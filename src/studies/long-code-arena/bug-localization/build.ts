import { bugReports } from "../history/bug-reports.ts";
import { readIssues } from "../history/read-issues.ts";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { BugItem } from "./item.ts";

/** Bugs of a repository: issues from a file, or the messages of the commits that mended them. */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<BugItem>> {
  const issues = settings.issues === "" ? repository.issues : await readIssues(settings.issues);
  const { items, notes } = await bugReports(repository, {
    limit: settings.items,
    ...(issues !== undefined && { issues }),
  });
  const bugs = items.map(({ changedFiles, ...report }) => ({
    id: report.head,
    ...report,
    truth: changedFiles,
    files: () => repository.files(report.base),
  }));
  return { items: bugs, notes };
}
