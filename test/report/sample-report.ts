import sharp from "sharp";
import {
  barChart,
  type ComparedTable,
  curve,
  dotPlot,
  groupLink,
  heatMap,
  lineChart,
  type Report,
  type ReportedVerdict,
  type SampleGroup,
  type ShownSample,
} from "#report";

const subjects = [
  { name: "openai/gpt-example", kind: "api" },
  { name: "./folder", kind: "open" },
  { name: "baseline:random", kind: "control" },
];
const sides = [2, 4, 8];
const level = { level: 0.95, method: "Wilson" };

/** A report of invented numbers with one of everything, as large as asked for. */
export async function sampleReport({ samples }: { samples: number }): Promise<Report> {
  const groups = await Promise.all(sides.map((side) => groupOf(side, Math.ceil(samples / sides.length))));
  return {
    title: "MMNeedle: needles in multimodal haystacks",
    paper: {
      title: "Multimodal Needle in a Haystack: Benchmarking Long-Context Capability of Multimodal LLMs",
      authors: "Wang et al.",
      venue: "NAACL 2025",
      link: "https://arxiv.org/abs/2406.11230",
    },
    question: "Given ten pictures, each a mosaic of photos, can the model say where the photo of a caption stands?",
    run: {
      id: "mmneedle-20260301-7f3a",
      createdAt: "2026-03-01T14:05:00.000Z",
      preset: "mini",
      seed: 0,
      subjects,
      resultHash: "9d5ed678fe57bcca610140957afab571a32d0c1c3b7a1d1c1d0a7c6f6a1f8f70",
      settings: { pictures: [1, 10], side: sides, needles: [1], sampling: { maxTokens: 300, temperature: null } },
      hashes: { data: "2c26b46b68ffc68f", code: "fcde2b2edba56bf4" },
    },
    verdicts,
    tables: [table],
    figures: figures(),
    groups,
    remarks: [
      "The numbers of this page are invented.",
      "Pictures with one photo keep their own size, as in the paper's code.",
    ],
  };
}

const verdicts: ReportedVerdict[] = [
  {
    claim: "larger-mosaics-are-harder",
    place: "Table 2",
    certainty: "read in the paper",
    statement: "Exact accuracy falls as the mosaic grows from 2 × 2 to 8 × 8.",
    subject: "openai/gpt-example",
    status: "holds",
    n: 3000,
    seeds: 1,
    evidence: "94.6 % at 2 × 2, 19.0 % at 8 × 8; the difference of 75.6 points is above the margin of 5.",
    interval: { low: 73.1, high: 78, ...level },
  },
  {
    claim: "larger-mosaics-are-harder",
    place: "Table 2",
    certainty: "read in the paper",
    statement: "Exact accuracy falls as the mosaic grows from 2 × 2 to 8 × 8.",
    subject: "./folder",
    status: "undecided",
    n: 40,
    seeds: 1,
    needed: 1240,
    evidence: "25.0 % at 2 × 2, 20.0 % at 8 × 8.",
    interval: { low: -13.2, high: 23.1, ...level },
  },
  {
    claim: "absent-needles-are-invented",
    place: "Table 5",
    certainty: "read in the paper",
    statement: "With ten pictures of 8 × 8 photos, most absent needles are claimed to be present.",
    subject: "openai/gpt-example",
    status: "fails",
    n: 1000,
    seeds: 1,
    evidence: "It recognised 71.2 % of the absent needles; the claim needs fewer than half.",
    interval: { low: 68.3, high: 73.9, ...level },
  },
  {
    claim: "prompt-order-does-not-matter",
    place: "Appendix, ablation",
    certainty: "read in the paper",
    statement: "Caption before or after the instruction makes no difference.",
    status: "not testable here",
    evidence: "The run asked in one order only.",
    missing: ["a run with the caption first", "100 samples of each order"],
  },
];

const groupId = (side: number): string => `M1-N${side}-K1/positive`;

const cells = (values: readonly number[]) =>
  values.map((value, at) => ({
    value,
    n: 1000,
    group: groupId(sides[Math.floor(at / 3)]!),
    interval: { low: Math.max(0, value - 2.9), high: Math.min(100, value + 2.7), ...level },
  }));

const table: ComparedTable = {
  id: "table2",
  title: "One needle, one picture",
  source: "Table 2",
  certainty: "read in the paper",
  unit: "%",
  spans: sides.map((side) => ({ label: `N = ${side}`, columns: 3 })),
  columns: sides.flatMap(() => ["exist", "index", "exact"]),
  published: [
    { subject: "Claude 3 Opus", cells: [75.38, 74.77, 52.25, 58.7, 58, 12.3, 56.36, 54.85, 1.6] },
    { subject: "Gemini Pro 1.5", cells: [99.59, 99.38, 90.34, 98.85, 98.44, 39.85, 96.65, 96.65, 29.81] },
    { subject: "GPT-4V", cells: [92.64, 92.64, 86.09, 97.29, 97.19, 54.72, 98.2, 98.2, 7.3] },
    { subject: "GPT-4o", cells: [99, 99, 94.6, 99.5, 99.5, 83, 99.6, 99.6, 19] },
    { subject: "InstructBLIP-Vicuna-13B", cells: [100, 6.9, 0, 100, 11.7, 0, 100, 32, 0] },
  ],
  measured: [
    {
      subject: "openai/gpt-example",
      kind: "api",
      apart: [],
      cells: cells([99.2, 99.1, 94.6, 99.5, 99.4, 81.2, 99.1, 98.7, 19]),
    },
    {
      subject: "./folder",
      kind: "open",
      apart: ["split differs from the paper's", "settings differs from the paper's"],
      cells: [...cells([80, 44.2, 25]), null, null, null, null, null, null],
    },
    {
      subject: "baseline:random",
      kind: "control",
      apart: ["a control, not a model"],
      cells: cells([100, 100, 24.6, 100, 100, 6.1, 100, 100, 1.4]),
    },
  ],
};

const figures = (): Report["figures"] => [
  { id: "heat2", title: "Positions, 2 × 2", caption: "Exact accuracy in %, n = 60 for each cell.", svg: positions(2) },
  { id: "heat4", title: "Positions, 4 × 4", caption: "In the paper's colours.", svg: positions(4, "mmneedle") },
  { id: "heat8", title: "Positions, 8 × 8", caption: "The hatched cell was not measured.", svg: positions(8) },
  { id: "context", title: "By length of context", caption: "Ribbons are 95 % Wilson intervals.", svg: contexts() },
  { id: "convergence", title: "Running mean", caption: "The first samples, with the interval.", svg: convergence() },
  { id: "bars", title: "Metrics", caption: "Bars from zero, 95 % intervals.", svg: barChart(metrics()) },
  { id: "dots", title: "Metrics as dots", caption: "The same.", svg: dotPlot(metrics()) },
  { id: "long-heat", title: "Long labels", caption: "A small map with much to say.", svg: longHeatMap() },
  { id: "long-bars", title: "Long names", caption: "More than a line holds.", svg: longBars() },
];

const longHeatMap = (): string =>
  heatMap({
    title: "Long labels",
    unit: "%",
    rows: [1, 2],
    columns: [1, 2, 3],
    rowLabel: "picture of the needle",
    columnLabel: "column of the needle within its own picture",
    cells: [{ row: 1, column: 1, value: 50 }],
  });

const longBars = (): string =>
  barChart({
    title: "Long names",
    width: 400,
    reference: { x: 3, label: "what the paper says of it" },
    x: { label: "moved by a perturbation, in distances between pictures; less is better" },
    values: ["one long name of a series", "another long name of one", "and a third long name"].map((series, at) => ({
      label: "mean embedding",
      series,
      value: at + 1,
    })),
  });

function positions(side: number, palette?: "mmneedle"): string {
  const grid = Array.from({ length: side }, (_, at) => at + 1);
  const measured = grid
    .flatMap((row) => grid.map((column) => ({ row, column })))
    .filter((at) => at.row + at.column < 16);
  return heatMap({
    title: `Exact accuracy by position, ${side} × ${side}`,
    unit: "%",
    rowLabel: "row",
    columnLabel: "column",
    rows: grid,
    columns: grid,
    ...(palette && { palette }),
    cells: measured.map(({ row, column }) => {
      const value = 100 - ((row * 7 + column * 5 + row * column * side) % 97);
      const interval = { low: value - 5, high: value + 4 };
      return { row, column, value, n: 60, interval, href: groupLink(groupId(side)) };
    }),
  });
}

function contexts(): string {
  const line = (name: string, ys: readonly number[]) => ({
    name,
    points: ys.map((y, at) => ({ x: 10 * 4 ** at, y, low: y * 0.9, high: Math.min(100, y * 1.07), n: 1000 })),
  });
  const series = [
    line("openai/gpt-example", [97, 81.8, 26.9, 1]),
    line("GPT-4V (paper)", [72.4, 34.2, 7.6, 0]),
    line("Gemini Pro 1.5 (paper)", [89.9, 45.2, 6.1, 0.6]),
    line("baseline:random", [10, 2.5, 0.6, 0.2]),
  ];
  const x = { label: "photos in the context", log: true, ticks: [10, 40, 160, 640] };
  return lineChart({ title: "Accuracy by length of context", series, unit: "%", x, y: accuracy });
}

function convergence(): string {
  const mean = (name: string, target: number) => ({
    name,
    points: Array.from({ length: 60 }, (_, at) => {
      const [x, spread] = [(at + 1) * 20, 45 / Math.sqrt(at + 1)];
      const y = target + Math.sin(at * 0.7) * spread * 0.3;
      return { x, y, low: y - spread * 0.5, high: y + spread * 0.5 };
    }),
  });
  const series = [mean("openai/gpt-example", 62), mean("./folder", 41)];
  const reference = { y: 25, label: "chance" };
  return curve({ title: "Running mean", series, x: { label: "samples" }, y: accuracy, reference });
}

const accuracy = { label: "exact accuracy, %", domain: [0, 100] as const };

function metrics() {
  const values = subjects.flatMap(({ name }, at) =>
    ["exist", "index", "exact"].map((metric, of) => {
      const value = 95 - 25 * at - 12 * of;
      return { label: name, series: metric, value, low: value - 4, high: value + 3, n: 1000 };
    }),
  );
  return { title: "Metrics", values, x: accuracy, unit: "%", reference: { x: 50, label: "half" } };
}

async function groupOf(side: number, count: number): Promise<SampleGroup> {
  const pictures = await Promise.all([0, 1, 2, 3].map((variant) => mosaic(side, variant)));
  const samples = Array.from({ length: count }, (_, at) => at).flatMap((at) =>
    subjects.slice(0, 2).map(({ name }, of) => shownSample(side, { at, of, subject: name, bytes: pictures[at % 4]! })),
  );
  const title = `One needle in one picture of ${side} × ${side} photos`;
  return { id: groupId(side), title, total: 2000, samples, decides: "exact" };
}

interface Asked {
  readonly at: number;
  readonly of: number;
  readonly subject: string;
  readonly bytes: Uint8Array;
}

function shownSample(side: number, { at, of, subject, bytes }: Asked): ShownSample {
  const [row, column] = [at % side, (at * 3) % side];
  const isRight = (at + of) % 3 !== 0;
  const isNothing = (at + of) % 7 === 6;
  const [saidRow, saidColumn] = isRight ? [row, column] : [(row + 1) % side, column];
  const box = (kind: "truth" | "answer", r: number, c: number) => ({
    kind,
    x: c / side,
    y: r / side,
    width: 1 / side,
    height: 1 / side,
  });
  const answer = isNothing ? null : `1, ${saidRow + 1}, ${saidColumn + 1}`;
  const answerMark = isNothing || isRight ? [] : [{ ...box("answer", saidRow, saidColumn), label: subject }];
  return {
    id: `M1-N${side}-K1/${String(at).padStart(4, "0")}`,
    subject,
    answer,
    truth: `1, ${row + 1}, ${column + 1}`,
    prompt: `Given 1 image indexed from 1 to 1, each divided into ${side}*${side} subimages, identify the subimage that best matches the provided caption. Respond with 'index, row, column' and nothing else. For example, '1, 2, 3' indicates the subimage in the first image, second row, and third column. If no match is found, respond only with '-1'.\nCaption: A man <riding> a wave on top of a surfboard.${at === 1 ? "</script><script>alert(1)</script>\u202e\u001b[2J\ud800" : ""}`,
    score: { existence: isNothing ? 0 : 1, index: isNothing ? 0 : 1, exact: isRight && !isNothing ? 1 : 0 },
    pictures: [
      { title: "Picture 1", mediaType: "image/jpeg", bytes, marks: [box("truth", row, column), ...answerMark] },
    ],
  };
}

/** A mosaic of plain squares. */
function mosaic(side: number, variant: number): Promise<Uint8Array> {
  const size = 320;
  const pixels = Buffer.alloc(size * size * 3);
  for (let at = 0; at < size * size; at++) {
    const [x, y] = [at % size, Math.floor(at / size)];
    const square = Math.floor((x * side) / size) * 13 + Math.floor((y * side) / size) * 29 + variant * 41;
    pixels[3 * at] = (square * 53 + y / 4) % 256;
    pixels[3 * at + 1] = (square * 31 + x / 4) % 256;
    pixels[3 * at + 2] = (square * 17 + 90) % 256;
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .jpeg({ quality: 70 })
    .toBuffer();
}
