import { AssayError } from "#base";
import type { Value } from "./expressions.ts";

/** One combination of a matrix. */
export type Combination = Readonly<Record<string, Value>>;

/** Jobs of one matrix, as GitHub allows them. */
const most = 256;

/**
 * Every combination of a matrix: all of its lists, without what is excluded, with what is included.
 *
 * An included row extends the combinations whose listed values it does not contradict; one that extends none stands alone.
 *
 * Source   GitHub Docs, Running variations of jobs in a workflow
 *
 * @throws AssayError WORKFLOW_INVALID for lists that multiply beyond 256
 */
export function combinationsOf(matrix: Readonly<Record<string, Value>> = {}): Combination[] {
  const { include = [], exclude = [], ...lists } = matrix;
  const keys = Object.keys(lists);
  const count = keys.reduce((product, key) => product * listOf(lists[key]!).length, 1);
  if (count > most) {
    throw new AssayError("WORKFLOW_INVALID", `workflow: Expected at most ${most} jobs of a matrix, got ${count}`);
  }
  const all = keys.reduce<Combination[]>(
    (rows, key) => rows.flatMap((row) => listOf(lists[key]!).map((value) => ({ ...row, [key]: value }))),
    keys.length === 0 && rowsOf(include).length > 0 ? [] : [{}],
  );
  const kept = all.filter((row) => !rowsOf(exclude).some((excluded) => agrees(row, excluded, Object.keys(excluded))));
  return withIncluded(kept, rowsOf(include), keys);
}

function withIncluded(
  rows: readonly Combination[],
  included: readonly Combination[],
  keys: readonly string[],
): Combination[] {
  const extended = rows.map((row) => ({ ...row }) as Record<string, Value>);
  const alone: Combination[] = [];
  for (const extra of included) {
    const shared = keys.filter((key) => Object.hasOwn(extra, key));
    const matches = extended.filter((row) => agrees(row, extra, shared));
    for (const row of matches) Object.assign(row, extra);
    if (matches.length === 0) alone.push(extra);
  }
  return [...extended, ...alone];
}

const agrees = (row: Combination, other: Combination, keys: readonly string[]): boolean =>
  keys.every((key) => JSON.stringify(row[key]) === JSON.stringify(other[key]));

const listOf = (value: Value): readonly Value[] => (Array.isArray(value) ? value : [value]);

const rowsOf = (value: Value): Combination[] =>
  listOf(value).filter((row) => typeof row === "object" && row !== null && !Array.isArray(row)) as Combination[];
