import type { Report } from "#report";
import { type Run, thawSettings } from "#runs";
import type { ReportOptions } from "../module.ts";
import { reportOpening, subjectKinds } from "../reported.ts";
import { openConcepts } from "./data.ts";
import { figuresOf } from "./figures.ts";
import { projections, writtenTokens } from "./projections.ts";
import { sampleGroups } from "./samples.ts";
import { answersSignature } from "./score-file.ts";
import type { Settings } from "./settings.ts";
import { storedOutcomes } from "./stored-outcomes.ts";
import study from "./study.ts";
import { ablationTable, mainTables, moveTables, nullTables } from "./tables.ts";

/** Everything that a run of the study shows. */
export async function report(run: Run, { pictures }: ReportOptions): Promise<Report> {
  const settings = thawSettings(study.settings, run.manifest.settings) as Settings;
  const records = run.records();
  const rows = { records, kinds: subjectKinds(run) };
  return {
    title: "ConceptVectors: gone, or only silent?",
    ...reportOpening(run, study),
    tables: [
      ...mainTables(rows),
      ...nullTables(rows),
      ...moveTables(rows),
      ...ablationTable(rows),
      ...projections(run),
    ],
    figures: pictures ? figuresOf(records) : [],
    groups: pictures ? [...writtenTokens(run), ...sampleGroups(run, openConcepts(settings, run.manifest.seed))] : [],
    remarks: remarksOf(run, settings),
  };
}

function remarksOf(run: Run, settings: Settings): string[] {
  const bound = storedOutcomes(run).filter(({ outcome }) => outcome.warning !== null);
  const loosest = [...Map.groupBy(bound, ({ method }) => method).values()].map((outcomes) =>
    outcomes.reduce((a, b) => (b.outcome.cosineFloor! < a.outcome.cosineFloor! ? b : a)),
  );
  // Methods that train at the same rate for as many steps share a bound, and one remark.
  const warnings = [...Map.groupBy(loosest, ({ outcome }) => outcome.warning)].map(
    ([warning, outcomes]) => `${outcomes.map(({ method }) => method).join(", ")}: ${warning}.`,
  );
  return [
    `Scored by ${answersSignature()}.`,
    "BLEU against the model's own earlier answer measures change: a model that falls apart scores as one that forgot; read gold recall and the share without language beside it.",
    "Intrinsic numbers stand beside what other columns of the block, a random vector of equal length, a random move of equal distance, and a random move of this one vector that forgets as much give. No z stands where the draws have no spread; out of reach is the share of directions in which breaking this vector never forgets as much.",
    ...questions,
    ...judgeRemark(run, settings),
    ...warnings,
    ...openConcepts(settings, run.manifest.seed).notes.map((note) => `${note}.`),
  ];
}

/** The six open questions of a small replication, and the verdicts that answer each. */
const questions = [
  "Question 1, does noise on the vector hurt its concept most, and more so the more it speaks of it: noise-hurts-the-concept, harm-grows-with-enrichment.",
  "Question 2, do vectors stay while answers go: fine-tuning-leaves-the-vector, fine-tuning-silences, needle-breaks-the-vector.",
  "Question 3, what is left of that at equal distance or beside other columns: the-vector-moves-more-than-others, the-vector-turns-away, the-move-breaks-at-needles-distance.",
  "Question 4, does bfloat16 matter: bfloat16-swallows-steps.",
  "Question 5, do jailbreaks and relearning bring more back from fine-tuned models: jailbreaks-get-more-from-fine-tuned, fine-tuned-relearn-faster.",
  "Question 6, does the coefficient fall while the vector stays: the-coefficient-falls.",
];

/** Who judged, and how often without a number. */
function judgeRemark(run: Run, { judge }: Settings): string[] {
  if (judge === "") return [];
  const answers = [...run.answers({ subject: judge })];
  const silent = answers.filter(({ score }) => score.clarity === null).length;
  return [`Candidates were judged by ${judge}: ${answers.length} answers, ${silent} of them without a number.`];
}
