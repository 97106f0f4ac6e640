import { z } from "zod";
import { composers, type ReplyProfile } from "#evals";
import { defineSettings, type SettingsOf } from "#runs";
import { taskIds } from "./task-ids.ts";

const words = z.string();

const wholeNumber = (least: number) => z.coerce.number().int().min(least);

const listed = <Kind extends z.ZodType>(one: Kind) =>
  z
    .preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(one).min(1))
    .refine((values) => new Set(values).size === values.length, "each once");

/** What stands in front of the file that is completed; `none` is the file alone. */
export const contextNames = ["none", ...Object.keys(composers)] as const;

const contextName = z
  .string()
  .refine((name) => (contextNames as readonly string[]).includes(name), `one of ${contextNames.join(", ")}`);

const everyTask = listed(z.enum(taskIds));

const profiles = ["2024", "2025", "lenient"] as const satisfies readonly ReplyProfile[];

/** Every number of the paper, with its place; the smaller presets ask the built-in repositories. */
export const settings = defineSettings({
  // ----- Which task, on which data
  task: {
    meaning: `which tasks are run, with commas: all, or some of ${taskIds.join(", ")}`,
    read: z.preprocess((value) => (value === "all" ? [...taskIds] : value), everyTask),
    paper: [...taskIds],
    from: "§3",
  },
  data: {
    meaning:
      "where the data sets are: miniature (repositories built here), hub (the authors'), or a folder with their Parquet files",
    read: words,
    paper: "hub",
    from: "§3, Table 1",
    tiny: "miniature",
    mini: "miniature",
    standard: "miniature",
  },
  repository: {
    meaning: "your own git repositories in place of data: folders, with commas; items are built from their history",
    read: words,
    paper: "",
    from: "not in the paper",
  },
  issues: {
    meaning:
      "texts of issues for bug localization in your own repository: a JSONL or CSV file of {commit, title, body}; commit messages stand in where it is empty",
    read: words,
    paper: "",
    from: "not in the paper",
  },
  clones: {
    meaning:
      "a folder with clones of the official repositories, named owner__name, for the tasks whose rows leave files out",
    read: words,
    paper: "",
    from: "§3.5; the data sets' repos folders",
  },
  released: {
    meaning:
      "library-codegen: the authors' released answers, their results folder or JSONL of {model, index, raw}: with official data the twelve released means must come out",
    read: words,
    paper: "",
    from: "lca-baselines, library_based_code_generation/results",
  },
  items: {
    meaning: "most items of a task that are built from one repository",
    read: wholeNumber(1),
    paper: 50,
    from: "not in the paper",
    tiny: 2,
    mini: 8,
    standard: 40,
  },
  // ----- What a subject sees
  maxTokens: {
    meaning: "the longest answer of the tasks that are asked in words, in tokens",
    read: wholeNumber(1),
    paper: 2048,
    from: "library_based_code_generation; 512 for messages and lists of files and 2000 for documentation are kept when lower",
    tiny: 64,
    mini: 64,
    standard: 256,
  },
  contextTokens: {
    meaning: "the longest prompt, in tokens; a model that takes less is given less",
    read: wholeNumber(64),
    paper: 16_000,
    from: "§4.3",
    tiny: 1024,
    mini: 1024,
    standard: 4096,
  },
  tokenizer: {
    meaning:
      "whose tokens are counted where the subject's own are not known: a folder or hf:org/name; empty counts four characters as one",
    read: words,
    paper: "",
    from: "each task names another one",
  },
  apis: {
    meaning: "library-codegen: which names of the library are offered, with commas: none, bm25 (the 20 best)",
    read: listed(z.enum(["none", "bm25"])),
    paper: ["none", "bm25"],
    from: "§4.1, Table 2",
  },
  context: {
    meaning: `code-completion: what stands before the file, with commas: ${contextNames.join(", ")}`,
    read: listed(contextName),
    paper: ["none", "path-distance"],
    from: "§4.3",
  },
  embedder: {
    meaning: "code-completion: the open model of the context embeddings: a folder, hf:org/name or mini:code",
    read: words,
    paper: "",
    from: "not in the paper",
    tiny: "mini:code",
    mini: "mini:code",
    standard: "mini:code",
  },
  onlyPython: {
    meaning: "code-completion: whether only Python files may stand in a context",
    read: z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean()),
    paper: false,
    from: "Appendix D",
  },
  size: {
    meaning: "code-completion: which of the official sets: small, medium, large, huge",
    read: listed(z.enum(["small", "medium", "large", "huge"])),
    paper: ["small", "medium", "large", "huge"],
    from: "§3.3",
  },
  lineTokens: {
    meaning: "code-completion: the longest line, in tokens",
    read: wholeNumber(4),
    paper: 100,
    from: "lca-baselines, project_level_code_completion",
    tiny: 24,
    mini: 24,
    standard: 48,
  },
  instruction: {
    meaning: "commit-messages: how a message is asked for: simple or detailed",
    read: z.enum(["simple", "detailed"]),
    paper: "detailed",
    from: "§4.4",
  },
  repeats: {
    meaning: "commit-messages: how often each is written, at temperature 0.8 and with another seed",
    read: wholeNumber(1),
    paper: 3,
    from: "§4.4",
    tiny: 1,
    mini: 1,
    standard: 1,
  },
  encoder: {
    meaning:
      "commit-messages: the encoder of BERTScore, a folder or hf:org/name (roberta-large in the paper); empty leaves it out",
    read: words,
    paper: "",
    from: "§4.4",
  },
  baseline: {
    meaning: "commit-messages: a file LAYER,P,R,F of the package bert-score, by which BERTScore is rescaled as well",
    read: words,
    paper: "",
    from: "§4.4",
  },
  language: {
    meaning: "bug-localization: which languages, with commas: py, java, kt",
    read: listed(z.enum(["py", "java", "kt"])),
    paper: ["py", "java", "kt"],
    from: "§3.5",
  },
  profile: {
    meaning:
      "bug-localization: whose prompt, reading and metrics: 2024 (the paper), 2025 (the repository since), lenient (2024, and replies that those rules lose)",
    read: z.enum(profiles),
    paper: "2024",
    from: "lca-baselines at bde972c and at 5b1b564",
  },
  hints: {
    meaning: "bug-localization, 2025: what goes with the issue: issue-only, paths, imports",
    read: z.enum(["issue-only", "paths", "imports"]),
    paper: "paths",
    from: "lca-baselines at 5b1b564",
  },
  codeTokens: {
    meaning: "module-summarization: how many tokens of code are shown, with commas",
    read: listed(wholeNumber(1)),
    paper: [128, 512, 1000, 2000],
    from: "§4.6, Table 7",
    tiny: [128],
    mini: [128, 512],
  },
  judge: {
    meaning:
      "module-summarization: who compares two texts, a subject that gives log-probabilities; empty measures no CompScore",
    read: words,
    paper: "hf:mistralai/Mistral-7B-Instruct-v0.2",
    from: "§4.6",
    tiny: "mini:code",
    mini: "mini:code",
    standard: "mini:code",
  },
  judgeTokens: {
    meaning: "module-summarization: how many tokens of code the judge sees",
    read: wholeNumber(1),
    paper: 6000,
    from: "§4.6",
    tiny: 48,
    mini: 48,
    standard: 48,
  },
  // ----- CI builds repair
  runner: {
    meaning:
      "ci-repair: where a workflow's jobs run: containers (Docker), here (this machine, on your word: models write code), none (nothing is run)",
    read: z.enum(["containers", "here", "none"]),
    paper: "containers",
    from: "§3.2 (the authors used GitHub Actions)",
  },
  jobSeconds: {
    meaning: "ci-repair: the longest that one job may take, in seconds",
    read: wholeNumber(1),
    paper: 600,
    from: "§3.2: builds of at most ten minutes",
    tiny: 20,
    mini: 20,
    standard: 60,
  },
});

/** The settings of one run. */
export type Settings = SettingsOf<typeof settings>;
