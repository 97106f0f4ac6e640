import type { Json, MeasuredRecord } from "#base";
import type { AnsweredSample, Run } from "#runs";
import { ownComparability } from "./comparability.ts";
import type { Opened } from "./data.ts";
import { groupOf } from "./questions.ts";
import type { Making } from "./task.ts";

/** A subject that has answered a task. */
export interface Answered extends Making {
  readonly opened: Opened;
  readonly run: Run;
  readonly subject: string;
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
}

/** Everything that is measured of one subject and task, variant by variant. */
export async function* measured({ opened, limit, ...answered }: Answered): AsyncGenerator<MeasuredRecord> {
  const { task, items, data } = opened;
  const { run, subject, settings } = answered;
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const variant of task.variants(settings)) {
    const group = groupOf(task, variant);
    const answers = [...run.answers({ subject, group })];
    const itemOf = ({ sample }: AnsweredSample<Json>) => byId.get(sample.slice(group.length + 1))!;
    const comparability = ownComparability(task, { variant, settings, data, limit });
    yield* await task.measure({ ...answered, variant, group, answers, itemOf, comparability });
  }
}
