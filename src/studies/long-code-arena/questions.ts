import { type Json, type Sample, type Subject, suggestion, UsageError } from "#base";
import type { Opened } from "./data.ts";
import type { Settings } from "./settings.ts";
import type { Asked, Asking, Item, Task } from "./task.ts";
import { tasks } from "./tasks.ts";
import type { Window } from "./window.ts";

/** Who is asked, and what decides the questions. */
export interface Questioning {
  readonly settings: Settings;
  readonly seed: number;
  readonly subject: Pick<Subject, "name" | "kind">;
  readonly window: Window;
}

/** The samples of one variant, and what links to them. */
export const groupOf = ({ id }: Pick<Task, "id">, variant: string): string => `${id}/${variant}`;

/** A sample's id: unique within the study. */
export const sampleIdOf = (group: string, item: Item): string => `${group}/${item.id}`;

/** How many questions a subject is asked. */
export const countOf = ({ task, items }: Opened, settings: Settings): number =>
  items.length * task.variants(settings).length * (task.repeats?.(settings) ?? 1);

/** Every question of a task, one at a time: by variant, by repeat, in the order of the items. */
export async function* questionsOf({ task, items }: Opened, questioning: Questioning): AsyncGenerator<Sample<Json>> {
  const { settings } = questioning;
  for (const variant of task.variants(settings)) {
    const group = groupOf(task, variant);
    for (let repeat = 0; repeat < (task.repeats?.(settings) ?? 1); repeat++) {
      for (const item of items) {
        const { question, truth } = await askedOf(task, item, { ...questioning, variant, repeat });
        yield { id: sampleIdOf(group, item), group, repeat, question, truth };
      }
    }
  }
}

/** One item as one subject is asked it. */
export function askedOf(
  task: Task,
  item: Item,
  { subject, ...asking }: Questioning & Pick<Asking, "variant" | "repeat">,
): Promise<Asked<Json>> {
  const { kind, name } = subject;
  return task.ask(item, { ...asking, ...(kind === "control" && { control: name.replace(/^baseline:/, "") }) });
}

/** A control that no task offers would answer nothing at all. @throws UsageError CONTROL_MISSING */
export function expectKnownControls(subjects: readonly Pick<Subject, "name" | "kind">[]): void {
  const known = [...new Set(Object.values(tasks).flatMap((task) => task.baselines))];
  for (const { name, kind } of subjects) {
    const control = name.replace(/^baseline:/, "");
    if (kind !== "control" || known.includes(control)) continue;
    const hint = suggestion(control, known);
    throw new UsageError("CONTROL_MISSING", `long-code-arena: Expected one of ${known.join(", ")}, got ${name}${hint}`);
  }
}

/** Whether a subject can be asked: a control that the task offers, or a model that reads the task's form. */
export function canAnswer(task: Task, { subject, window }: Pick<Questioning, "subject" | "window">): boolean {
  if (subject.kind === "control") return task.baselines.includes(subject.name.replace(/^baseline:/, ""));
  return task.form === "continuation" || window.chat;
}
