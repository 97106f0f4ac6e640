import { defineStudy } from "#runs";
import { claims } from "./claims.ts";
import { openTask } from "./data.ts";
import { measured } from "./measure.ts";
import { planOf } from "./plan.ts";
import { published } from "./published.ts";
import { canAnswer, countOf, expectKnownControls, questionsOf } from "./questions.ts";
import { settings } from "./settings.ts";
import { tasksOf } from "./tasks.ts";
import { windowOf } from "./window.ts";

/**
 * Long Code Arena: six tasks whose answers need a module or a whole repository.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena: a Set of Benchmarks for Long-Context Code Models (arXiv 2406.11612)
 */
export default defineStudy({
  id: "long-code-arena",
  paper: {
    title: "Long Code Arena: a Set of Benchmarks for Long-Context Code Models",
    authors:
      "Egor Bogomolov, Aleksandra Eliseeva, Timur Galimzyanov, Evgeniy Glukhov, Anton Shapkin, Maria Tigina, Yaroslav Golubev, Alexander Kovrigin, Arie van Deursen, Maliheh Izadi, Timofey Bryksin",
    venue: "arXiv, June 2024",
    link: "https://arxiv.org/abs/2406.11612",
    claim: "Six tasks over whole repositories are far from solved, and the way a context is collected matters.",
  },
  question:
    "Given a repository, can a model use its library, mend its build, complete its lines, say what its commits do, find its bugs and document its modules?",
  settings,
  claims,
  published,
  needs: {
    subject: "a chat model; any open model for code completion; a baseline for each task",
    mini: "nothing: repositories built here, baselines and mini:code, about a minute, 600 MB",
    paper: "an API key and the authors' data sets (250 MB of Parquet; clones for bug localization and CI repair)",
  },
  miniatureSubjects: [
    ...["oracle", "bm25", "tf-idf", "previous-line", "first-diff-line", "identity", "comments", "empty-patch"].map(
      (name) => `baseline:${name}`,
    ),
    "mini:code",
  ],
  identify: async (request) => {
    const opened = [];
    for (const task of tasksOf(request.settings)) opened.push(await openTask(task, request));
    return Object.fromEntries(opened.map(({ task, identity }) => [task.id, identity]));
  },
  plan: planOf,
  conduct: async ({ settings, subjects, run, limit, signal, ask }) => {
    const { seed } = run.manifest;
    expectKnownControls(subjects);
    const told = new Set<string>();
    for (const task of tasksOf(settings)) {
      // §3 The task's items: official rows, or built from repositories by the paper's rules.
      const opened = await openTask(task, { settings, seed, limit });
      for (const note of opened.notes.filter((one) => !told.has(one))) {
        told.add(note);
        run.note(note);
      }
      const score = await task.scorer(opened.items, { settings, seed });

      for (const subject of subjects) {
        const window = await windowOf(subject, settings);
        const questioning = { settings, seed, subject, window };
        if (opened.items.length === 0 || !canAnswer(task, questioning)) continue;

        // §4 Each item is asked in each of the task's variants, and judged the moment the answer comes.
        await ask(subject, { samples: questionsOf(opened, questioning), score, total: countOf(opened, settings) });

        // §4 Means, corpus metrics, judges and builds, once every answer is there.
        const measuring = { opened, run, subject: subject.name, settings, seed, limit, signal };
        for await (const record of measured(measuring)) run.record(record);
      }
    }
  },
});
