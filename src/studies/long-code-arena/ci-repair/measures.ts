import type { Comparability, Json, MeasuredRecord, Scorer } from "#base";
import { readRepair } from "#evals";
import { type JobOutcome, type JobResult, type PassRate, passRates } from "#evals/metrics";
import type { AnsweredSample } from "#runs";
import { failureOf } from "../failures.ts";
import { type Recording, recordOf, shareOf } from "../records.ts";
import type { FoundLater, Measuring } from "../task.ts";
import { type BuildOutcome, type Gate, readerOf, runBuild, runGate, trueRepair } from "./builds.ts";
import type { BuildItem } from "./item.ts";

/** What an answer is judged by. */
export type BuildTruth = { readonly item: string; readonly diff: string };

/** The variant of the metric, in one line. */
export const buildSignature = (): string =>
  "ci-repair|pass@1|denominator:open-gates|gate:fails-before,passes-after|reply:blocks-or-diff|v:2";

/** Whether an answer holds a repair that fits the files; whether the build passes shows when it runs. */
export async function buildScorer(items: readonly BuildItem[]): Promise<Scorer<BuildTruth>> {
  const known = new Map<string, (answer: string) => boolean>();
  for (const item of items) {
    const files = await filesOf(item);
    known.set(
      item.id,
      (answer) => typeof readRepair(answer, { blocks: item.blocks, read: readerOf(files) }) !== "string",
    );
  }
  return (response, { item }) => {
    const fits = known.get(item)!;
    const failure = failureOf(response, fits);
    return { fits: Number(failure.missing + failure.refused + failure.unparsed === 0), ...failure };
  };
}

/** Without a clone nothing fits, and the notes say so. */
async function filesOf(item: BuildItem): Promise<Awaited<ReturnType<BuildItem["files"]>>> {
  try {
    return await item.files();
  } catch (error) {
    if ((error as { code?: string }).code === "FILES_MISSING") return [];
    throw error;
  }
}

const gateEnd = " before and after";
const gateStep = (item: string): string => `the build of ${item}${gateEnd}`;

const buildStep = ({ item, subject, repeat }: { item: string; subject: string; repeat: number }): string =>
  `the build of ${item} as ${subject} mends it, ${repeat}`;

/** How the build of an answer ended, from what the run stored. An item whose gate is closed says nothing of an answer. */
export function buildOf(
  { truth, subject, repeat }: AnsweredSample<BuildTruth>,
  steps: ReadonlyMap<string, Json>,
): FoundLater | undefined {
  const gate = steps.get(gateStep(truth.item)) as Gate | undefined;
  if (gate === undefined) return undefined;
  const built = steps.get(buildStep({ item: truth.item, subject, repeat })) as BuildOutcome | undefined;
  const why = built?.reasons ?? closedBy(gate);
  const outcome = built?.outcome ?? "invalid";
  const told = `[build] ${[outcome, ...why].join(": ")}`;
  return { told, score: outcome === "invalid" ? null : { passes: Number(outcome === "success") } };
}

/** An item with the log of its failing build as the run stored it; empty where the run ended before. */
export function withStoredLog(item: BuildItem, steps: ReadonlyMap<string, Json>): BuildItem {
  const gate = steps.get(gateStep(item.id)) as Gate | undefined;
  return { ...item, log: item.log ?? gate?.before.log ?? "" };
}

/** A gate stays closed where the build did not fail, or where the true repair did not mend it. */
const closedBy = ({ before, after }: Gate): readonly string[] =>
  before.outcome === "failure"
    ? ["the true repair does not mend it", ...after.reasons]
    : before.outcome === "success"
      ? ["it does not fail before the repair"]
      : before.reasons;

/** Why items are invalid, each reason once with the number of items. */
export function invalidBuilds(steps: ReadonlyMap<string, Json>): string[] {
  const gates = [...steps].flatMap(([name, value]) => (name.endsWith(gateEnd) ? [value as unknown as Gate] : []));
  const closed = Map.groupBy(
    gates.filter(({ isOpen }) => !isOpen),
    (gate) => closedBy(gate).join("; "),
  );
  return [...closed].map(([why, { length }]) => `CI builds repair, invalid items: ${length} (${why}).`);
}

type Builds = Measuring<BuildItem, BuildTruth>;

/** Runs what every answer makes of its build, each stored before the next. An item whose gate is closed is invalid. */
export async function jobsOf(measuring: Builds): Promise<JobResult[]> {
  const { answers, itemOf, run, settings, subject, signal } = measuring;
  const jobs: JobResult[] = [];
  for (const answer of answers) {
    signal.throwIfAborted();
    const item = itemOf(answer);
    const gate = await run.step(gateStep(item.id), () => runGate(item, { settings, signal }));
    const outcome = gate.isOpen
      ? await run.step(buildStep({ item: item.id, subject, repeat: answer.repeat }), () =>
          judged(item, { answer: answer.text, measuring }),
        )
      : undefined;
    jobs.push({ id: item.id, difficulty: item.difficulty, outcome: outcome?.outcome ?? "invalid" });
  }
  return jobs;
}

interface Judging {
  readonly answer: string | null;
  readonly measuring: Builds;
}

/** An answer without a repair leaves the build as it was: failed. */
async function judged(item: BuildItem, { answer, measuring }: Judging): Promise<BuildOutcome> {
  const { settings, subject, signal } = measuring;
  const read = readerOf(await item.files());
  const repair = answer === null ? "no answer" : readRepair(answer, { blocks: item.blocks, read });
  if (typeof repair === "string") return { outcome: "failure", reasons: [repair], log: "" };
  const changes = new Map([...repair.files].filter(([path, text]) => text !== (read(path) ?? null)));
  if (changes.size === 0) return { outcome: "failure", reasons: ["nothing was changed"], log: "" };
  if (await isTrue(changes, item))
    return { outcome: "success", reasons: ["the true repair, letter for letter"], log: "" };
  const isTrusted = item.isOwnCode && subject.startsWith("baseline:");
  return runBuild(item, { settings, changes, isTrusted, signal });
}

/** The gate has run the true repair already. */
async function isTrue(changes: ReadonlyMap<string, string | null>, item: BuildItem): Promise<boolean> {
  const mended = await trueRepair(item);
  return (
    mended !== undefined &&
    mended.size === changes.size &&
    [...mended].every(([path, text]) => changes.get(path) === text)
  );
}

/** Nothing waits here: a build runs until it ends. */
const outcomes = ["success", "failure", "invalid"] as const satisfies readonly JobOutcome[];

/** pass@1 in percent over the items whose gate is open, in all and by difficulty, with the counts of every outcome. */
export function buildRecords(jobs: readonly JobResult[], recording: Recording): MeasuredRecord[] {
  const { byDifficulty, ...all } = passRates(jobs);
  const comparability = comparabilityOf(recording, all);
  const of = (rate: PassRate, difficulty: string) =>
    ratesOf(rate, { ...recording, comparability, setting: { difficulty } });
  return [...of(all, "all"), ...byDifficulty.flatMap((rate) => of(rate, String(rate.difficulty)))];
}

/** The paper divides by all of its builds: where some cannot be run here, the data are others. */
function comparabilityOf({ comparability }: Recording, { counts, n }: PassRate): Comparability {
  if (counts.invalid === 0) return comparability;
  return { ...comparability, data: `${comparability.data}, ${n - counts.invalid} of ${n} builds` };
}

function ratesOf({ counts, n }: PassRate, recording: Recording): MeasuredRecord[] {
  const hits = [...Array(counts.success).fill(1), ...Array(counts.failure).fill(0)] as number[];
  return [
    recordOf("passRate", shareOf(hits), recording),
    ...outcomes.map((outcome) => recordOf(outcome, { value: counts[outcome], n }, recording)),
  ];
}
