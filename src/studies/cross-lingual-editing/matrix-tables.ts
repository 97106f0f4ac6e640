/** The matrices as tables, M₀ always under them. */
import type { MeasuredRecord } from "#base";
import type { ComparedTable, MeasuredRow } from "#report";
import { cellOf, recordsWith, valuesOf } from "./find.ts";

/** What every table of the study is. */
export const measuredHere = { source: "measured here", certainty: "measured here", published: [] } as const;

/** What tables are made of. */
export interface Rows {
  readonly records: readonly MeasuredRecord[];
  readonly kinds: Readonly<Record<string, string>>;
}

const shown = [
  { metric: "reliability", title: "share of the new object's tokens (EasyEdit's reliability)" },
  { metric: "reliabilityWritten", title: "the new object written out, exact match" },
] as const;

/** A table an editor and number: a row a language of edits, a column a language of tests. */
export function matrixTables({ records, kinds }: Rows): ComparedTable[] {
  const cells = records.filter(({ setting }) => setting.arm === "matrix");
  const editors = valuesOf(recordsWith(cells, "reliability"), "editor").filter((editor) => editor !== "none");
  return editors.flatMap((editor) =>
    shown.map(({ metric, title }) => {
      const own = recordsWith(cells, metric, { editor });
      const tests = valuesOf(own, "test");
      const row = (subject: string, edit: string, found: readonly MeasuredRecord[]): MeasuredRow => ({
        subject: edit,
        kind: kinds[subject] ?? "unknown",
        cells: tests.map((test) => cellOf(found.find(({ setting }) => setting.test === test))),
        apart: [],
      });
      const subjects = [...new Set(own.map(({ subject }) => subject))];
      const measured = subjects.flatMap((subject) => {
        const mine = own.filter((record) => record.subject === subject);
        const base = recordsWith(cells, metric, { editor: "none" }).filter(
          (record) => record.subject === subject && record.setting.edit === record.setting.test,
        );
        const prefix = subjects.length > 1 ? `${subject}: ` : "";
        const rows = valuesOf(mine, "edit").map((edit) =>
          row(subject, `${prefix}${rowName(edit)}`, recordsWith(mine, metric, { edit })),
        );
        return [...rows, row(subject, `${prefix}M₀, unedited`, base)];
      });
      return {
        ...measuredHere,
        id: `matrix-${editor}-${metric}`,
        title: `${editor}: ${title}`,
        unit: "share",
        rowLabel: "edit",
        decimals: 2,
        columns: tests,
        measured,
      };
    }),
  );
}

/** What a row of a matrix is called. */
export const rowName = (edit: string): string =>
  edit === "all" ? "edited in all" : edit === "others" ? "edited in all others" : `edited in ${edit}`;
