import { insertByDate } from "./history.ts";
import type { Commit } from "./objects.ts";

/** Reachable from the one, from the other, or from both. */
const [one, other, both] = [1, 2, 3] as const;

/**
 * The youngest commit that two commits both lead to, as `git merge-base` names it; undefined where they share none, or where
 * a shallow clone was cut before it.
 */
export function mergeBase(a: string, b: string, commit: (id: string) => Commit): string | undefined {
  if (a === b) return a;
  const sides = new Map<string, number>([
    [a, one],
    [b, other],
  ]);
  const waiting: Commit[] = [];
  for (const id of sides.keys()) insertByDate(waiting, commit(id));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const side = sides.get(next.id)!;
    if (side === both) return next.id;
    for (const id of next.parents) {
      const known = sides.get(id) ?? 0;
      if ((known | side) === known) continue;
      sides.set(id, known | side);
      // Once more where it is known from one side: a clock that was wrong may have let it pass already.
      insertByDate(waiting, commit(id));
    }
  }
  return undefined;
}
