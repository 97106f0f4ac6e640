import { z } from "zod";
import { defineSettings, type SettingsOf } from "#runs";
import { forgettingNames, isForgettingName } from "./forgetting-names.ts";

const wholeNumber = (least: number) => z.coerce.number().int().min(least);
const number = (least: number) => z.coerce.number().min(least);
const words = z.string();
const listed = (value: unknown) => (typeof value === "string" ? value.split(",") : value);
const wholeNumbers = z.preprocess(listed, z.array(wholeNumber(0)).min(1));

/** Every number of the paper, with its symbol and its place; the smaller presets examine the lab's own miniature. */
export const settings = defineSettings({
  source: {
    meaning: "whose concepts: encyclopedia (the miniature's) or official (the authors' files)",
    read: z.enum(["encyclopedia", "official"]),
    paper: "official",
    from: "§3",
    tiny: "encyclopedia",
    mini: "encyclopedia",
    standard: "encyclopedia",
  },
  concepts: {
    meaning: "the authors' benchmark file, llama2-7b_concepts_test.json or another of the same layout",
    read: words,
    paper: "",
    from: "repository, the dataset's page",
  },
  german: {
    meaning: "the authors' file of German questions, for the fourth jailbreak; without it that one is left out",
    read: words,
    paper: "",
    from: "repository, llama_jailbreak_German_qa.json",
  },
  after: {
    meaning: "a model after unlearning, as a folder: it is compared with the subject, and nothing is trained",
    read: words,
    paper: "",
    from: "not in the paper",
  },
  judge: {
    meaning:
      "a subject that scores what value vectors write, such as openai/gpt-4o; without one the lexicon alone does",
    read: words,
    paper: "",
    from: "§3, GPT-4; the lab's own replacement when left out",
  },
  judged: {
    meaning: "value vectors of each concept that the judge sees, the likeliest by the lexicon first",
    read: wholeNumber(1),
    paper: 20,
    from: "not in the paper",
    tiny: 4,
  },
  clarity: {
    meaning: "the judge's score from which a value vector is a candidate; below it only where there is none above",
    read: z.coerce.number().min(0).max(1),
    paper: 0.85,
    from: "§3, from memory",
  },
  strongest: {
    meaning: "the share of value vectors, highest mean top logit first, that discovery looks at",
    read: z.coerce.number().gt(0).max(1),
    paper: 1,
    from: "§3; the authors' cut-off is not released",
  },
  firstLayer: {
    meaning: "the first block that discovery looks at: early ones write few words",
    read: wholeNumber(0),
    paper: 0,
    from: "§3; the authors' cut-off is not released",
  },
  conceptsEach: {
    meaning: "concepts of each arm, or of a file; 0 for all",
    read: wholeNumber(0),
    paper: 0,
    from: "§3",
    tiny: 1,
    mini: 3,
    standard: 5,
  },
  methods: {
    meaning: `how is forgotten, with commas: ${forgettingNames.join(", ")}; /bfloat16 behind one keeps its weights in bfloat16`,
    read: z.preprocess(listed, z.array(z.string().refine(isForgettingName)).min(1)),
    paper: ["needle", "gradient-ascent", "grad-diff", "npo", "npo-kl", "dpo"],
    from: "§5",
    tiny: ["needle", "npo"],
    mini: ["needle", "gradient-ascent", "grad-diff", "npo", "npo/bfloat16"],
    standard: ["needle", "gradient-ascent", "grad-diff", "npo", "npo-kl", "dpo", "sim-npo", "rmu", "npo/bfloat16"],
  },
  scope: {
    meaning: "which weights fine-tuning may touch: full or value-vectors",
    read: z.enum(["full", "value-vectors"]),
    paper: "full",
    from: "§5, unlearning scopes",
  },
  learningRate: {
    symbol: "η",
    meaning: "peak learning rate of fine-tuning; the paper's grid is 1e-5, 2e-5, 3e-5, 5e-5",
    read: number(0),
    paper: 5e-5,
    from: "repository, forget.yaml",
    tiny: 1e-3,
    mini: 1e-3,
    standard: 1e-3,
  },
  epochs: {
    meaning: "times that the article is read",
    read: wholeNumber(1),
    paper: 10,
    from: "repository, grid 1, 2, 3, 5, 10",
    tiny: 2,
  },
  batchSize: {
    meaning: "paragraphs in a step",
    read: wholeNumber(1),
    paper: 32,
    from: "repository, 4 × 8",
    tiny: 4,
    mini: 4,
    standard: 4,
  },
  characters: {
    meaning: "characters after which a paragraph ends",
    read: wholeNumber(1),
    paper: 400,
    from: "repository, data module",
    tiny: 150,
    mini: 150,
    standard: 150,
  },
  sigma: {
    symbol: "σ",
    meaning: "spread of Needle's noise: absolute in the paper, in units of RMS(v) on the miniature",
    read: number(0),
    paper: 0.1,
    from: "§5, Needle",
    tiny: 5,
    mini: 5,
    standard: 5,
  },
  noise: {
    meaning: "what Needle's noise is measured in: noise (absolute) or relative-noise",
    read: z.enum(["noise", "relative-noise"]),
    paper: "noise",
    from: "§5, Needle",
    tiny: "relative-noise",
    mini: "relative-noise",
    standard: "relative-noise",
  },
  k: {
    symbol: "k",
    meaning: "tokens of a vocabulary projection that count",
    read: wholeNumber(1),
    paper: 200,
    from: "§2",
    tiny: 20,
    mini: 20,
    standard: 20,
  },
  columns: {
    meaning:
      "value vectors that may carry a concept together: the likeliest ones, whose span is compared before and after",
    read: wholeNumber(1),
    paper: 4,
    from: "not in the paper",
  },
  draws: {
    meaning: "draws of each null distribution",
    read: wholeNumber(2),
    paper: 50,
    from: "not in the paper",
    tiny: 8,
  },
  forgettingDraws: {
    meaning:
      "draws of the null of equal forgetting, two or more, each asking the target questions up to 8 times; 0 leaves it out",
    read: wholeNumber(0).refine((count) => count !== 1),
    paper: 4,
    from: "not in the paper",
    tiny: 2,
  },
  unrelated: {
    meaning: "unrelated questions; half of them about the concept's nearest neighbours in the miniature",
    read: wholeNumber(1),
    paper: 50,
    from: "§3",
    tiny: 4,
    mini: 16,
    standard: 16,
  },
  maxTokens: {
    meaning: "the longest answer, in tokens",
    read: wholeNumber(1),
    paper: 100,
    from: "repository, evaluation",
    tiny: 12,
    mini: 16,
    standard: 16,
  },
  relearning: {
    meaning: "steps of relearning after which is asked again",
    read: wholeNumbers,
    paper: [0, 2, 5, 10],
    from: "not in the paper",
    tiny: [0, 1],
    mini: [0, 4, 10],
  },
  relearningRate: {
    meaning: "learning rate of relearning",
    read: number(0),
    paper: 5e-5,
    from: "not in the paper",
    tiny: 1e-3,
    mini: 1e-3,
    standard: 1e-3,
  },
  seeds: {
    meaning: "times that all is repeated with other draws",
    read: wholeNumber(1),
    paper: 1,
    from: "not in the paper",
    standard: 5,
  },
});

/** The settings of one run. */
export type Settings = SettingsOf<typeof settings>;
