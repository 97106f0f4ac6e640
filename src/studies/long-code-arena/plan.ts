import type { Plan, PlanRequest } from "#runs";
import { type Opened, openTask } from "./data.ts";
import { askedOf, countOf } from "./questions.ts";
import type { Settings } from "./settings.ts";
import { tasksOf } from "./tasks.ts";
import { characterWindow } from "./window.ts";

/** How many questions of each task are written to learn how long they are. */
const written = 3;

/** What the questions of a run would cost: a few of them written, the rest counted. */
export async function planOf(request: PlanRequest<Settings>): Promise<Plan> {
  const plans: OnePlan[] = [];
  for (const task of tasksOf(request.settings)) plans.push(await planOne(await openTask(task, request), request));
  const total = (pick: (plan: OnePlan) => number) => plans.reduce((sum, plan) => sum + pick(plan), 0);
  return {
    samples: total(({ samples }) => samples),
    calls: total(({ samples }) => samples),
    images: 0,
    imageBytes: 0,
    inputTokens: Math.round(total(({ inputTokens }) => inputTokens)),
    outputTokens: total(({ outputTokens }) => outputTokens),
    notes: ["four characters count as a token", ...plans.flatMap(({ notes }) => notes)],
  };
}

interface OnePlan {
  readonly samples: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly notes: readonly string[];
}

async function planOne(opened: Opened, { settings, seed }: PlanRequest<Settings>): Promise<OnePlan> {
  const { task, items, notes } = opened;
  const samples = countOf(opened, settings);
  const window = characterWindow(settings.contextTokens);
  // A plan runs nobody's build.
  const asking = {
    settings: { ...settings, runner: "none" as const },
    seed,
    window,
    subject: { name: "a model", kind: "api" },
    repeat: 0,
  } as const;
  const lengths: number[] = [];
  let longest = 0;
  for (const variant of task.variants(settings)) {
    for (const item of items.slice(0, written)) {
      const { question } = await askedOf(task, item, { ...asking, variant });
      const texts = [question.system ?? "", ...question.parts.map((part) => (part.type === "text" ? part.text : ""))];
      lengths.push(texts.join("").length / 4);
      longest = Math.max(longest, question.sampling.maxTokens ?? 0);
    }
  }
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  return {
    samples,
    inputTokens: samples * mean,
    outputTokens: samples * longest,
    notes: [`${task.id}: ${items.length} items, ${samples} questions, scored by ${task.signature(settings)}`, ...notes],
  };
}
