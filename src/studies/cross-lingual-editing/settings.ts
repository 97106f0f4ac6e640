import { z } from "zod";
import { defineSettings, type SettingsOf } from "#runs";
import { armSettings } from "./arm-settings.ts";
import { type Language, studyLanguages } from "./fact.ts";
import { listed, listOf, number, wholeNumber } from "./setting-readers.ts";

/** How facts are rewritten. */
export const editorNames = ["rome", "r-rome", "memit", "joint", "joint-others", "ft-l"] as const;
/** One of them. */
export type EditorName = (typeof editorNames)[number];
/** What a run does. */
export const armNames = ["matrix", "merge", "controlled"] as const;
/** One of them. */
export type ArmName = (typeof armNames)[number];
const languages = (...list: Language[]): Language[] => list;
const editors = (...list: EditorName[]): EditorName[] => list;
const arms = (...list: ArmName[]): ArmName[] => list;
const layers = (...list: number[]): number[] => list;

/** Every number, with the paper's symbol and its place; most of the paper's own could not be read. */
export const settings = defineSettings({
  source: {
    meaning: "whose facts: atlas (the miniature's), bmlama53 or counterfact (files)",
    read: z.enum(["atlas", "bmlama53", "counterfact"]),
    paper: "counterfact",
    from: "abstract: CounterFact and ZsRE in translation",
    tiny: "atlas",
    mini: "atlas",
    standard: "atlas",
  },
  files: {
    meaning: "the folder of BMLAMA-53's files, or CounterFact's file in EasyEdit's layout",
    read: z.string(),
    paper: "",
    from: "not in the paper",
  },
  languages: {
    meaning: `the languages, with commas: ${studyLanguages.join(", ")}`,
    read: listOf(studyLanguages) as z.ZodType<Language[]>,
    paper: languages(...studyLanguages),
    from: "abstract",
    tiny: languages("en", "de", "hi"),
  },
  facts: {
    meaning: "facts that are rewritten; 0 for all",
    read: wholeNumber(0),
    paper: 0,
    from: "not read",
    tiny: 2,
    mini: 5,
    standard: 50,
  },
  arms: {
    meaning: `what is done, with commas: ${armNames.join(", ")}`,
    read: listOf(armNames),
    paper: arms("matrix", "merge"),
    from: "abstract",
    tiny: arms("matrix", "merge", "controlled"),
    mini: arms("matrix", "merge"),
    standard: arms("matrix", "merge", "controlled"),
  },
  editors: {
    meaning: `how facts are rewritten, with commas: ${editorNames.join(", ")}`,
    read: listOf(editorNames),
    paper: editors("rome", "memit"),
    from: "abstract",
    tiny: editors("rome", "memit", "joint"),
    mini: editors("rome", "memit", "joint"),
    standard: editors("rome", "r-rome", "memit", "joint", "ft-l"),
  },
  layer: {
    symbol: "ℓ*",
    meaning: "the layer that ROME and FT-L write to; −1 for the editor's own choice",
    read: wholeNumber(-1),
    paper: -1,
    from: "EasyEdit: 5 of 32 for models of Llama-2's shape",
    tiny: 1,
    mini: 1,
    standard: 1,
  },
  token: {
    meaning: "whose last token is edited: subject, or prompt where a model looks facts up there",
    read: z.enum(["subject", "prompt"]),
    paper: "subject",
    from: "ROME, §3.1; a scan says where the miniature looks facts up",
    tiny: "prompt",
    mini: "prompt",
    standard: "prompt",
  },
  memitLayers: {
    symbol: "R",
    meaning: "the layers that MEMIT writes to, with commas; none for the editor's own choice",
    read: z.preprocess(listed, z.array(wholeNumber(0))) as z.ZodType<number[]>,
    paper: layers(),
    from: "EasyEdit: 4 to 8 of 32",
    tiny: layers(1),
    mini: layers(1),
    standard: layers(1),
  },
  covariance: {
    meaning: "what C is estimated from: mixed (all languages), english, or identity (C = I)",
    read: z.enum(["mixed", "english", "identity"]),
    paper: "identity",
    from: "EasyEdit: no C for Llama and Mistral; not read in the paper",
    tiny: "mixed",
    mini: "mixed",
    standard: "mixed",
  },
  ridge: {
    symbol: "ε",
    meaning: "share of C's mean diagonal that is added to it",
    read: number(0),
    paper: 1e-4,
    from: "not in the paper: the published code adds none",
    tiny: 1e-2,
    mini: 1e-2,
    standard: 1e-2,
  },
  momentTexts: {
    meaning: "a file of aligned paragraphs that C is estimated from, instead of the facts' own statements",
    read: z.string(),
    paper: "",
    from: "not in the paper; the original: English Wikipedia",
  },
  covarianceWeight: {
    symbol: "λ",
    meaning: "weight of C in MEMIT; λ C is as many pseudo-keys",
    read: number(0),
    paper: 15000,
    from: "EasyEdit; scaled down with the miniature",
    tiny: 1,
    mini: 1,
    standard: 1,
  },
  learningRate: {
    symbol: "η",
    meaning: "Adam's learning rate for v*",
    read: number(0),
    paper: 0.5,
    from: "EasyEdit",
    tiny: 4,
    mini: 4,
    standard: 4,
  },
  steps: {
    symbol: "N",
    meaning: "evaluations of v*'s loss",
    read: wholeNumber(1),
    paper: 25,
    from: "EasyEdit",
    tiny: 10,
    mini: 40,
    standard: 40,
  },
  decay: {
    symbol: "λ_wd",
    meaning: "weight of ‖δ‖ / ‖v₀‖²",
    read: number(0),
    paper: 0.001,
    from: "EasyEdit",
    tiny: 0,
    mini: 0,
    standard: 0,
  },
  divergence: {
    symbol: "λ_KL",
    meaning: "weight of the divergence at the prompt that is to stay",
    read: number(0),
    paper: 0.0625,
    from: "EasyEdit",
    tiny: 0,
    mini: 0,
    standard: 0,
  },
  clamp: {
    symbol: "c",
    meaning: "the longest ‖δ‖, in ‖v₀‖",
    read: number(0),
    paper: 4,
    from: "EasyEdit",
    tiny: 50,
    mini: 50,
    standard: 50,
  },
  prefixes: {
    meaning: "sampled beginnings of an edit's prompt, in the language of the edit",
    read: wholeNumber(0),
    paper: 10,
    from: "EasyEdit, 10 of each of two lengths",
    tiny: 0,
    mini: 0,
    standard: 0,
  },
  prefixTokens: {
    meaning: "tokens of a sampled beginning",
    read: wholeNumber(2),
    paper: 10,
    from: "EasyEdit",
    tiny: 4,
    mini: 5,
    standard: 5,
  },
  inflected: {
    meaning: "whether a subject with another ending in its prompt is edited, or left out and counted: true or false",
    read: z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean()),
    paper: false,
    from: "not in the paper",
  },
  neighbours: {
    meaning: "neighbours of a fact that are looked at",
    read: wholeNumber(0),
    paper: 10,
    from: "CounterFact",
    tiny: 1,
    mini: 2,
    standard: 4,
  },
  maxTokens: {
    meaning: "the longest written answer, in tokens",
    read: wholeNumber(1),
    paper: 20,
    from: "not read",
    tiny: 8,
    mini: 12,
    standard: 12,
  },
  degenerate: {
    meaning: "an answer with a smaller share of different word pairs repeats itself",
    read: number(0),
    paper: 0.5,
    from: "not in the paper",
  },
  seeds: {
    meaning: "times that all is repeated, with facts, prefixes, fine-tunes and worlds drawn anew",
    read: wholeNumber(1),
    paper: 1,
    from: "not read",
    standard: 3,
  },
  ...armSettings,
  resamples: {
    meaning: "draws of each bootstrap interval",
    read: wholeNumber(100),
    paper: 1000,
    from: "not in the paper",
    tiny: 200,
    mini: 500,
  },
});

/** The settings of one run. */
export type Settings = SettingsOf<typeof settings>;
