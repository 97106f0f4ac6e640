import { type Claim, type Interval, type MeasuredRecord, sum, type Verdict, type VerdictStatus } from "#base";
import { controlClaims } from "./claims-controls.ts";
import { recallMoves, releasedMeans } from "./library-codegen/released.ts";

/** The subjects that are models: neither controls nor rankings. */
const modelsIn = (records: readonly MeasuredRecord[]): string[] => [
  ...new Set(records.map(({ subject }) => subject).filter((subject) => !subject.startsWith("baseline:"))),
];

/** Two numbers of one subject whose difference decides. */
interface Contrast {
  readonly from: MeasuredRecord;
  readonly to: MeasuredRecord;
}

interface ContrastClaim extends Omit<Claim, "judge" | "test"> {
  readonly statistic: string;
  readonly words: string;
  /** 100 where records are fractions. */
  readonly scale?: number;
  readonly contrasts: (records: readonly MeasuredRecord[]) => readonly Contrast[];
}

/**
 * A claim that one number lies above another, over all pairs of one subject.
 *
 *     d = mean(to − from)      interval by MOVER: d ∓ √(Σ distances to the ends)² / k
 */
function contrastClaim({ statistic, words, scale = 1, contrasts, ...claim }: ContrastClaim): Claim {
  const test = { statistic, direction: "above zero", margin: "95 % interval excludes zero (MOVER)" };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    modelsIn(records).flatMap((subject) => {
      const pairs = contrasts(records.filter((record) => record.subject === subject)).filter(isMeasured);
      return pairs.length === 0 ? [] : [judgeContrasts(pairs, { claim: claim.id, subject, words, scale })];
    });
  return { ...claim, test, judge };
}

const isMeasured = ({ from, to }: Contrast): boolean => from.value !== null && to.value !== null;

interface Judging {
  readonly claim: string;
  readonly subject: string;
  readonly words: string;
  readonly scale: number;
}

function judgeContrasts(pairs: readonly Contrast[], { claim, subject, words, scale }: Judging): Verdict {
  const mean = (values: readonly number[]) => sum(values) / pairs.length;
  const [from, to] = [
    mean(pairs.map((pair) => scale * pair.from.value!)),
    mean(pairs.map((pair) => scale * pair.to.value!)),
  ];
  const reach = (end: "low" | "high", other: "low" | "high") =>
    Math.hypot(...pairs.flatMap((pair) => [distance(pair.to, end, scale), distance(pair.from, other, scale)])) /
    pairs.length;
  const points = to - from;
  const ends = { low: points - reach("low", "high"), high: points + reach("high", "low") };
  const n = sum(pairs.map((pair) => pair.to.n));
  const evidence = `${words} goes from ${from.toFixed(1)} to ${to.toFixed(1)}, ${rangeOf(points, ends)}`;
  return { claim, subject, evidence, ...decided(points, { ...ends, n }) };
}

type Ends = Pick<Interval, "low" | "high">;

const rangeOf = (points: number, { low, high }: Ends): string =>
  `${signed(points)} points [${signed(low)}, ${signed(high)}]`;

/** What the interval of a difference decides, and how many samples would where it does not. */
function decided(points: number, { low, high, n }: Ends & { readonly n: number }) {
  const status: VerdictStatus = low > 0 ? "holds" : high < 0 ? "fails" : "undecided";
  const interval: Interval = { low, high, level: 0.95, method: "MOVER" };
  // The interval narrows with the root of the number of samples.
  const needed = Math.ceil(n * ((high - low) / 2 / points) ** 2);
  const isTold = status === "undecided" && points > 0 && Number.isFinite(needed);
  return { status, n, seeds: 1, interval, ...(isTold && { needed }) };
}

/** Without an interval a number says nothing of its own uncertainty: that counts as 50 of 100 points. */
function distance({ value, interval }: MeasuredRecord, end: "low" | "high", scale = 1): number {
  return interval === undefined ? 50 : scale * Math.abs(interval[end] - value!);
}

const signed = (points: number): string => `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(2)}`;

const find = (records: readonly MeasuredRecord[], metric: string, setting: MeasuredRecord["setting"]) =>
  records.find(
    (record) =>
      record.metric === metric && Object.entries(setting).every(([name, value]) => record.setting[name] === value),
  );

const moves = recallMoves()
  .map(({ model, points }) => `${signed(points)} for ${model.split("/").at(-1)}`)
  .join(", ");

const openModels = Object.entries(releasedMeans)
  .filter(([name]) => name.includes("/") && !name.startsWith("bm25/"))
  .map(([name, { apiRecall }]) => `${name.split("/").at(-1)} ${(100 * apiRecall).toFixed(1)}`)
  .join(", ");

const namesHelp = contrastClaim({
  id: "names-help-recall",
  statement: `Names of the library that BM25 finds raise API recall (released: ${moves})`,
  place: "§4.1, Table 2; metadata.json of the released answers",
  certainty: "recomputed",
  statistic: "API recall with BM25's names minus API recall without, in points",
  words: "API recall",
  scale: 100,
  needs: ["a chat model", "library-codegen with apis=none,bm25"],
  contrasts: (records) => {
    const [from, to] = ["none", "bm25"].map((variant) =>
      find(records, "apiRecall", { task: "library-codegen", variant }),
    );
    return from === undefined || to === undefined ? [] : [{ from, to }];
  },
});

/** Services of models whose weights are not published. */
const isClosed = (subject: string): boolean => /^(openai|anthropic|google)\//.test(subject);

const openModelsRecall: Claim = {
  id: "open-models-rarely-call-the-library",
  statement: `Open models call 7–11 % of the library's names without help: this leaves out CodeLlama-70B (${openModels})`,
  place: "§4.1, Table 2; metadata.json of the released answers",
  certainty: "recomputed",
  test: { statistic: "API recall without names", direction: "below 12 %", margin: "95 % interval lies below" },
  needs: ["an open model", "library-codegen with apis=none"],
  judge: (records) =>
    modelsIn(records).flatMap((subject) => {
      if (isClosed(subject)) return [];
      const own = records.filter((record) => record.subject === subject);
      const found = find(own, "apiRecall", { task: "library-codegen", variant: "none" });
      if (found?.value === null || found?.interval === undefined) return [];
      const { value, interval, n } = found;
      const status = interval.high < 0.12 ? "holds" : interval.low > 0.12 ? "fails" : "undecided";
      const evidence = `API recall ${(100 * value!).toFixed(1)} % [${(100 * interval.low).toFixed(1)}, ${(100 * interval.high).toFixed(1)}]`;
      return [{ claim: "open-models-rarely-call-the-library", subject, status, evidence, n, seeds: 1, interval }];
    }),
};

/** What the nearest files add to the lines of a class. */
function contextGain(records: readonly MeasuredRecord[], lineClass: string): Contrast[] {
  const setting = { task: "code-completion", size: "every", lineClass };
  const [from, to] = ["none", "path-distance"].map((variant) => find(records, "exact", { ...setting, variant }));
  return from === undefined || to === undefined ? [] : [{ from, to }];
}

const contextHelps = contrastClaim({
  id: "nearest-files-help-lines",
  statement:
    "The nearest files before the file raise exact match (CodeLlama-7B, medium: 39 to 49 %, large: 35 to 47 %)",
  place: "§4.3",
  certainty: "read in the paper",
  statistic: "exact match of all lines behind path-distance context minus without context",
  words: "exact match",
  needs: ["a model that goes on with text", "code-completion with context=none,path-distance"],
  contrasts: (records) => contextGain(records, "all"),
});

/**
 * The claim that lines which call the project's own code gain more than all lines together.
 *
 *     d = (to − from) of inproject lines − (to − from) of all lines      interval by MOVER over the four
 */
const projectLinesGain: Claim = {
  id: "project-lines-gain-most",
  statement:
    "Lines that call the project's own code gain more from a context than all lines together (medium: 17 against 10 points)",
  place: "§4.3",
  certainty: "read in the paper",
  test: {
    statistic: "what path-distance context adds to exact match of inproject lines, minus what it adds to all lines",
    direction: "above zero",
    margin: "95 % interval excludes zero (MOVER)",
  },
  needs: ["a model that goes on with text", "code-completion with context=none,path-distance, some inproject lines"],
  judge: (records) =>
    modelsIn(records).flatMap((subject) => {
      const mine = records.filter((record) => record.subject === subject);
      const [own] = contextGain(mine, "inproject").filter(isMeasured);
      const [all] = contextGain(mine, "all").filter(isMeasured);
      return own === undefined || all === undefined ? [] : [judgeGains(own, all, subject)];
    }),
};

function judgeGains(own: Contrast, all: Contrast, subject: string): Verdict {
  const gain = ({ from, to }: Contrast) => to.value! - from.value!;
  const reach = (end: "low" | "high", other: "low" | "high") =>
    Math.hypot(
      ...[distance(own.to, end), distance(own.from, other)],
      ...[distance(all.to, other), distance(all.from, end)],
    );
  const points = gain(own) - gain(all);
  const ends = { low: points - reach("low", "high"), high: points + reach("high", "low") };
  const evidence = `inproject lines gain ${signed(gain(own))} points and all lines ${signed(gain(all))}, ${rangeOf(points, ends)}`;
  return { claim: "project-lines-gain-most", subject, evidence, ...decided(points, { ...ends, n: own.to.n }) };
}

const moreCodeHelps = contrastClaim({
  id: "more-code-helps-documents",
  statement: "A writer that sees more code is preferred more often (GPT-4: 45.62 at 128 tokens, 57.33 at 2k)",
  place: "§4.6, Table 7",
  certainty: "read in the paper",
  statistic: "CompScore at each number of tokens minus CompScore at the one before",
  words: "CompScore",
  needs: ["a chat model", "a judge that is no miniature", "module-summarization with two values of codeTokens"],
  contrasts: (records) => {
    const own = records.filter(({ metric }) => metric === "compScore");
    const sorted = own.toSorted((a, b) => Number(a.setting.variant) - Number(b.setting.variant));
    return sorted.slice(1).map((to, at) => ({ from: sorted[at]!, to }));
  },
});

const modelsBeatRankers: Claim = {
  id: "chat-beats-retrieval",
  statement: "Chat models find the changed file more often than BM25 and TF-IDF (GPT-4 .74 of single files, BM25 .17)",
  place: "§4.5",
  certainty: "read in the paper",
  test: {
    statistic: "R@1, model minus baseline:bm25",
    direction: "above zero",
    margin: "95 % interval excludes zero (MOVER)",
  },
  needs: ["a chat model", "baseline:bm25", "bug-localization with samples of one changed file"],
  judge: (records) => {
    const setting = { task: "bug-localization", language: "all" };
    const ranker = find(
      records.filter(({ subject }) => subject === "baseline:bm25"),
      "recallAt1",
      setting,
    );
    return modelsIn(records).flatMap((subject) => {
      const own = find(
        records.filter((record) => record.subject === subject),
        "recallAt1",
        setting,
      );
      if (ranker?.value === null || ranker === undefined || own === undefined || own.value === null) return [];
      const judging = { claim: "chat-beats-retrieval", subject, words: "R@1 against BM25", scale: 100 };
      return [judgeContrasts([{ from: ranker, to: own }], judging)];
    });
  },
};

/** What the paper claims, and what the lab's own controls must show, each with its test fixed before anything is measured. */
export const claims: readonly Claim[] = [
  namesHelp,
  openModelsRecall,
  contextHelps,
  projectLinesGain,
  modelsBeatRankers,
  moreCodeHelps,
  ...controlClaims,
];
