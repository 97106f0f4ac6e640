import type { Json, MeasuredRecord } from "#base";
import type { Figure, Report, SampleGroup, ShownSample } from "#report";
import { type AnsweredSample, type Run, thawSettings } from "#runs";
import type { ReportOptions } from "../module.ts";
import { reportOpening, subjectKinds } from "../reported.ts";
import { type Opened, openTask } from "./data.ts";
import { askedOf, canAnswer, groupOf } from "./questions.ts";
import type { Settings } from "./settings.ts";
import study from "./study.ts";
import { paperTables, shapeTables } from "./tables.ts";
import type { Task } from "./task.ts";
import type { TaskId } from "./task-ids.ts";
import { tasksOf } from "./tasks.ts";
import { windowOf } from "./window.ts";

/** Everything that a run of the study shows. Tables need no data; samples with their contexts are made anew. */
export async function report(run: Run, { pictures }: ReportOptions): Promise<Report> {
  const settings = thawSettings(study.settings, run.manifest.settings) as Settings;
  const records = run.records();
  const rows = { records, kinds: kindsOf(run) };
  const tasks = tasksOf(settings);
  return {
    title: "Long Code Arena: six tasks over whole repositories",
    ...reportOpening(run, study),
    tables: [...paperTables(rows, tasks), ...shapeTables(rows, tasks)],
    figures: pictures ? await figuresOf(run, { tasks, records, settings }) : [],
    groups: pictures ? await groupsOf(run, settings) : [],
    remarks: [...remarksOf(settings, records), ...foundRemarks(run, tasks), ...subjectRemarks(settings, records)],
  };
}

async function figuresOf(
  run: Run,
  { tasks, ...shown }: { tasks: readonly Task[]; records: readonly MeasuredRecord[]; settings: Settings },
): Promise<Figure[]> {
  const figures = [];
  for (const task of tasks) figures.push(...((await task.figures?.({ run, ...shown })) ?? []));
  return figures;
}

/** Rankings look at the repository, and so are no controls: the paper's table has their like. */
const rankings = ["baseline:bm25", "baseline:tf-idf"];

const kindsOf = (run: Run): Record<string, string> => ({
  ...subjectKinds(run),
  ...Object.fromEntries(rankings.map((name) => [name, "retrieval"])),
});

/** How many questions of a group are shown; failures first, then the others in turn. */
const shownOfGroup = 6;

async function groupsOf(run: Run, settings: Settings): Promise<SampleGroup[]> {
  const { seed, limit } = run.manifest;
  const groups: SampleGroup[] = [];
  for (const task of tasksOf(settings)) {
    const opened = await openTask(task, { settings, seed, limit: limit ?? undefined });
    for (const variant of task.variants(settings)) {
      const group = await groupOfVariant(run, { opened, variant, settings });
      if (group !== undefined) groups.push(group);
    }
  }
  return groups;
}

interface Shown {
  readonly opened: Opened;
  readonly variant: string;
  readonly settings: Settings;
}

async function groupOfVariant(run: Run, shown: Shown): Promise<SampleGroup | undefined> {
  const { opened, variant } = shown;
  const { task } = opened;
  const group = groupOf(task, variant);
  const questions = [...Map.groupBy(run.answers<Json>({ group }), ({ sample }) => sample).values()];
  if (questions.length === 0) return undefined;
  const failed = questions.filter((answers) => answers.some(hasFailed));
  const chosen = [...failed.slice(0, 2), ...questions.filter((answers) => !failed.slice(0, 2).includes(answers))];
  const samples = [];
  for (const answers of chosen.slice(0, shownOfGroup)) samples.push(...(await showOne(run, answers, shown)));
  const title = `${task.title}: ${variant}`;
  return { id: group, title, total: questions.length, samples, decides: task.decides, isCode: true };
}

const hasFailed = ({ score }: AnsweredSample<Json>): boolean =>
  [score.missing, score.refused, score.unparsed].some((failure) => failure === 1);

async function showOne(run: Run, answers: readonly AnsweredSample<Json>[], shown: Shown): Promise<ShownSample[]> {
  const { opened, variant, settings } = shown;
  const { task, items } = opened;
  const [first] = answers as [AnsweredSample<Json>];
  const group = groupOf(task, variant);
  const item = items.find(({ id }) => `${group}/${id}` === first.sample);
  const steps = task.foundLater === undefined ? new Map<string, Json>() : run.steps();
  const prompt =
    item === undefined
      ? "The item is no longer there."
      : await promptOf(run, { ...shown, item: task.withFound?.(item, steps) ?? item, settings });
  return answers.map((answer) => {
    const { sample, subject, text, score } = answer;
    const later = task.foundLater?.(answer, steps);
    const scores = later?.score === null ? {} : { ...later?.score, ...score };
    return {
      id: sample,
      subject,
      prompt,
      pictures: [],
      truth: task.showTruth(first.truth),
      answer: text === null || later === undefined ? text : `${text}\n${later.told}`,
      score: Object.fromEntries(Object.entries(scores).filter(([, value]) => value !== null)),
    };
  });
}

/** What the first model of the run that can answer the task was asked; what was cut from it stands below. */
async function promptOf(run: Run, { opened, variant, settings, item }: Shown & { item: Opened["items"][number] }) {
  const { task } = opened;
  const asking = {
    settings,
    seed: run.manifest.seed,
    variant,
    repeat: 0,
    ...(await readerOf(run, { task, settings })),
  };
  const { question, cut } = await askedOf(task, item, asking);
  const texts = question.parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const told = question.system === undefined ? [] : [`[told beforehand] ${question.system}`, ""];
  const lost = cut.length === 0 ? [] : ["", `[cut] ${cut.join("\n[cut] ")}`];
  return [...told, ...texts, ...lost].join("\n");
}

/** A model of the run, with what it takes at once; any model of an API where none can answer the task. */
async function readerOf(run: Run, { task, settings }: { task: Task; settings: Settings }) {
  for (const { name, kind } of run.manifest.subjects) {
    if (kind !== "open" && kind !== "api") continue;
    const subject = { name, kind } as const;
    const window = await windowOf(subject, settings);
    if (canAnswer(task, { subject, window })) return { subject, window };
  }
  const subject = { name: "a model", kind: "api" } as const;
  return { subject, window: await windowOf(subject, settings) };
}

/** What a reader must know of who was asked. */
function subjectRemarks({ judge, data, repository }: Settings, records: readonly MeasuredRecord[]): string[] {
  const isBuiltIn = data === "miniature" && repository === "";
  const wasAsked = (name: string, task: TaskId) =>
    records.some(({ subject, setting }) => subject === name && setting.task === task);
  return [
    ...(wasAsked(judge, "module-summarization")
      ? [`${judge} judges its own documents: judges favour what they write themselves.`]
      : []),
    ...(wasAsked("mini:code", "code-completion") && isBuiltIn
      ? [
          "mini:code was trained on installed packages: the lines that are asked stand in files that it never read, the other files of a context may be ones that it did.",
        ]
      : []),
  ];
}

function foundRemarks(run: Run, tasks: readonly Task[]): string[] {
  const telling = tasks.flatMap(({ remarks }) => remarks ?? []);
  if (telling.length === 0) return [];
  const steps = run.steps();
  return telling.flatMap((tell) => [...tell(steps)]);
}

function remarksOf(settings: Settings, records: readonly MeasuredRecord[]): string[] {
  const tasks = tasksOf(settings);
  const measuredTasks = new Set(records.map(({ setting }) => setting.task));
  const unasked = tasks.filter(({ id }) => !measuredTasks.has(id)).map(({ title }) => title);
  return [
    ...tasks.map((task) => `${task.title} is scored by ${task.signature(settings)}.`),
    "Missing, refused and unreadable answers count as failures: they score what an empty answer scores, and stay in every denominator.",
    ...(unasked.length > 0 ? [`Nobody was asked, or nothing was there to ask: ${unasked.join(", ")}.`] : []),
    ...(settings.judge.startsWith("mini:") && measuredTasks.has("module-summarization")
      ? [
          `CompScore is not testable here: its judge ${settings.judge} is a miniature, which has learned to judge nothing; only its self-test and its position bias are shown.`,
        ]
      : []),
    ...(settings.repository !== ""
      ? [`Items were built from ${settings.repository}; no row joins a table of the paper.`]
      : []),
    ...(settings.repository !== "" && settings.issues === "" && measuredTasks.has("bug-localization")
      ? ["Commit messages stand in for issues: they know the fix, and make localization easier."]
      : []),
    ...(settings.repository === "" && settings.data === "miniature"
      ? [
          "The repositories are built here: installed packages and small Python libraries with generated histories, and the project's own history in a checkout; no row joins a table of the paper.",
        ]
      : []),
  ];
}
