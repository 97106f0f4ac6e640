import type { PublishedTable } from "#base";
import type { Compared } from "../comparability.ts";
import { columnsOf } from "../published-rows.ts";
import { releasedMeans } from "./released.ts";

/** Table 2 at the precision of the authors' metadata. */
export function table2(task: Compared): PublishedTable {
  const models = Object.keys(releasedMeans).filter((name) => !name.startsWith("bm25/"));
  return {
    id: "library-codegen",
    title: "Table 2: library-based code generation",
    source: "lca-baselines 5b1b564, metadata.json of the twelve settings; Table 2 of arXiv 2406.11612 rounds them",
    certainty: "read in the paper",
    unit: "0 to 1",
    columns: columnsOf(task, [
      { label: "ChrF", metric: "chrf", variant: "none" },
      { label: "API recall", metric: "apiRecall", variant: "none" },
      { label: "ChrF, with BM25's names", metric: "chrf", variant: "bm25" },
      { label: "API recall, with BM25's names", metric: "apiRecall", variant: "bm25" },
    ]),
    rows: models.map((subject) => {
      const [plain, helped] = [releasedMeans[subject]!, releasedMeans[`bm25/${subject}`]!];
      return { subject, cells: [plain.chrf, plain.apiRecall, helped.chrf, helped.apiRecall] };
    }),
  };
}
