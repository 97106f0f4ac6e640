/** The authors' released answers, and whether official rows give their released means. */
import { join } from "node:path";
import { AssayError } from "#base";
import { apiRecall } from "#evals/metrics";
import { listFolder, readTextFile } from "#formats";
import { readLines } from "../scoring/lines.ts";
import type { Built, Making } from "../task.ts";
import type { LibraryItem } from "./item.ts";
import { codeChrf, codeReader } from "./measures.ts";
import { type ReleasedMeans, releasedMeans } from "./released.ts";

/** One released answer. */
interface ReleasedAnswer {
  readonly model: string;
  readonly index: number;
  readonly raw: string;
}

/** How near a mean must come to the released one. */
const tolerance = 1e-9;

/** Refuses means of a released setting that are not the authors'. @throws AssayError RELEASED_MEANS_DIFFER */
export function expectReleased(model: string, means: ReleasedMeans): void {
  const released = releasedMeans[model];
  if (released === undefined) return;
  for (const metric of ["chrf", "apiRecall"] as const) {
    if (Math.abs(means[metric] - released[metric]) <= tolerance) continue;
    const claim = `Expected the released mean ${metric} ${released[metric]} of ${model}, got ${means[metric]}`;
    throw new AssayError("RELEASED_MEANS_DIFFER", `library-codegen: ${claim}; data or answers are not the authors'`);
  }
}

/**
 * Holds official rows to the released means of all twelve settings, where the released answers are given.
 *
 * @throws AssayError RELEASED_MEANS_DIFFER, RELEASED_INCOMPLETE, RELEASED_INVALID, ANSWERS_INVALID, FILE_MISSING
 */
export async function withReleasedMeans(
  items: readonly LibraryItem[],
  { settings: { released } }: Making,
): Promise<Built<LibraryItem>> {
  if (released === "") {
    return { items, notes: ["the released means were not checked: --set released=FILE names lca-baselines' results"] };
  }
  const read = await codeReader();
  const byModel = Map.groupBy(readReleased(released), ({ model }) => model);
  for (const model of Object.keys(releasedMeans)) {
    const answers = byModel.get(model) ?? [];
    if (answers.length !== items.length) throw incomplete(model, { answers: answers.length, rows: items.length });
    const scores = answers.map(({ index, raw }) => {
      const { reference, apis } = itemAt(items, index);
      const { code, called } = read(raw);
      return { chrf: codeChrf(code, reference), apiRecall: apiRecall(called, apis) };
    });
    const mean = (metric: keyof ReleasedMeans) => scores.reduce((sum, one) => sum + one[metric], 0) / scores.length;
    expectReleased(model, { chrf: mean("chrf"), apiRecall: mean("apiRecall") });
  }
  return { items, notes: ["the twelve released means of ChrF and API recall come out to 1e-9"] };
}

/** @throws AssayError RELEASED_INVALID for an index that no row has */
function itemAt(items: readonly LibraryItem[], index: number): LibraryItem {
  const found = items[index];
  if (found !== undefined) return found;
  const expected = `Expected the index of one of ${items.length} rows, got ${JSON.stringify(index)}`;
  throw new AssayError("RELEASED_INVALID", `library-codegen: ${expected}; give lca-baselines' results as they are`);
}

const incomplete = (model: string, { answers, rows }: { answers: number; rows: number }): AssayError =>
  new AssayError(
    "RELEASED_INCOMPLETE",
    `library-codegen: Expected ${rows} released answers of ${model}, one a row, got ${answers}; give all of lca-baselines' results`,
  );

/** Lines of `{model, index, raw}`, or the authors' own folder of `<model>/<index>.py`. */
function readReleased(place: string): ReleasedAnswer[] {
  if (place.endsWith(".jsonl")) {
    const lines = readLines({ name: place, text: readTextFile(place) });
    return lines.map((line) => ({
      model: line.required("model"),
      index: line.number("index"),
      raw: line.required("raw"),
    }));
  }
  return listFolder(place).flatMap(({ name }) => {
    const [, model, index] = /^(?:results\/)?(.+)\/(\d+)\.py$/.exec(name) ?? [];
    return model === undefined ? [] : [{ model, index: Number(index), raw: readTextFile(join(place, name)) }];
  });
}
