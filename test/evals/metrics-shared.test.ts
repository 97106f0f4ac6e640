/** Held to the released answers and to what the authors' code says of them, which lie outside the repository. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bm25, codeBlock, instructionWords, nameWords } from "#evals";
import {
  bleu,
  bNorm,
  calledNamesFinder,
  chrf,
  type JobResult,
  passRates,
  sentenceBleuNltk3,
  sentenceChrf,
  sentenceRougeLPy,
} from "#evals/metrics";

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data");
const arena = join(shared, "long-code-arena");
const vectors = join(shared, "concept-vectors");
const read = (...path: string[]): string => readFileSync(join(...path), "utf8");
const readLines = (...path: string[]) =>
  read(...path)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const furthest = (differences: readonly number[]): number => Math.max(...differences.map(Math.abs));

describe.skipIf(!existsSync(arena))("with Long Code Arena's files in ASSAY_SHARED", () => {
  const rows = existsSync(arena) ? readLines(arena, "libgen_model_outputs.jsonl") : [];
  const codes = new Map(rows.map(({ model, index, raw }) => [`${model}/${index}`, codeBlock(raw)]));
  const codeOf = (model: string, index: number): string => codes.get(`${model}/${index}`)!;

  test("sentenceChrf() gives sacreBLEU's score of 1,100 pairs of released answers", () => {
    const golden = JSON.parse(read(arena, "libgen_chrf_golden.json"));
    const scores: { model: string; index: number; chrf: number }[] = golden.scores;

    const differences = scores.map(
      ({ model, index, chrf }) => sentenceChrf(codeOf(model, index), codeOf(golden.reference_model, index)) - chrf,
    );

    expect(scores).toHaveLength(1100);
    expect(furthest(differences)).toBeLessThan(1e-9);
  });

  test("calledNamesFinder() finds what the official grammar finds in 1,200 released answers", async () => {
    const find = await calledNamesFinder();
    const golden: { model: string; index: number; called: string[]; parse_has_error: boolean }[] = JSON.parse(
      read(arena, "libgen_called_functions_golden.json"),
    ).rows;

    const ours = golden.map(({ model, index }) => find(codeOf(model, index)));

    expect(golden).toHaveLength(1200);
    expect(ours).toEqual(
      golden.map(({ called, parse_has_error: hasError }) => ({ called: called.toSorted(), hasError })),
    );
  });

  test("bm25() gives rank_bm25's scores of names against instructions", () => {
    const { cases }: { cases: { query: string; names: string[]; scores: number[]; query_tokens: string[] }[] } =
      JSON.parse(read(arena, "bm25_golden.json"));

    const ours = cases.map(({ query, names }) => bm25(names.map(nameWords)).scores(instructionWords(query)));

    expect(cases).toHaveLength(20);
    expect(cases.map(({ query }) => instructionWords(query))).toEqual(cases.map((one) => one.query_tokens));
    expect(furthest(cases.flatMap(({ scores }, at) => scores.map((one, doc) => one - ours[at]![doc]!)))).toBeLessThan(
      1e-9,
    );
  });

  test("bNorm(), bleu() and chrf() give the authors' numbers of 160 commit messages", () => {
    const golden = JSON.parse(read(arena, "commit_text_metrics_golden.json"));
    const rows: { prediction: string; reference: string; bnorm?: number; sentence_chrf?: number }[] = golden.pairs;
    const pairs = rows.map(({ prediction, reference }) => ({ candidate: prediction, reference }));

    const ours = { bnorm: bNorm(pairs), bleu: bleu(pairs), chrf: chrf(pairs) };

    const apart = (name: "bnorm" | "sentence_chrf", perSample: readonly number[]) =>
      furthest(rows.flatMap((row, at) => (row[name] === undefined ? [] : row[name] - perSample[at]!)));
    expect(pairs).toHaveLength(160);
    expect(apart("bnorm", ours.bnorm.perSample)).toBeLessThan(1e-9);
    expect(apart("sentence_chrf", ours.chrf.perSample)).toBeLessThan(1e-9);
    expect(ours.bnorm.value).toBeCloseTo(golden.mean_bnorm, 9);
    expect(ours.bleu.value).toBeCloseTo(golden.corpus_bleu_13a, 9);
    expect(ours.chrf.value).toBeCloseTo(golden.corpus_chrf, 9);
  });

  test("passRates() counts the released CI jobs as the authors do", () => {
    const outcomes = new Map<number, JobResult["outcome"]>(
      readLines(arena, "ci_jobs_results.jsonl").map(({ id, conclusion }) => [id, conclusion]),
    );
    for (const { id } of readLines(arena, "ci_jobs_awaiting.jsonl")) outcomes.set(id, "waiting");
    for (const { id } of readLines(arena, "ci_jobs_invalid.jsonl")) outcomes.set(id, "invalid");
    const jobs: JobResult[] = readLines(arena, "ci_jobs_ids.jsonl").map(({ id, difficulty }) => ({
      id,
      difficulty,
      outcome: outcomes.get(id)!,
    }));

    const rates = passRates(jobs);

    expect(rates).toMatchObject({ n: 207, counts: { success: 150, failure: 44, waiting: 1, invalid: 12 } });
    expect(rates.ofAll).toBe(150 / 207);
    expect(rates.ofFinished).toBe(150 / 194);
    expect(rates.byDifficulty.map(({ counts: { success, failure } }) => [success, failure])).toEqual([
      [3, 0],
      [79, 14],
      [53, 15],
      [15, 15],
    ]);
  });
});

describe.skipIf(!existsSync(vectors))("with ConceptVectors' files in ASSAY_SHARED", () => {
  test("sentenceBleuNltk3() and sentenceRougeLPy() give the authors' 200 averages of 7B answers", () => {
    const concepts: Record<string, string[]>[] = JSON.parse(read(vectors, "llama_concepts_with_jb_answers.json"));
    const byName = new Map(concepts.map((concept) => [concept.Concept as unknown as string, concept]));
    const official: Record<string, Record<string, [number, number]>[]>[] = JSON.parse(
      read(vectors, "llama_jailbreak_evaluation_test_results.json"),
    );

    const differences = official.flatMap(Object.entries<(typeof official)[number][string]>).flatMap(([key, rows]) => {
      const [, name, noise] = /^(.*)_noise([\d.]+)_score$/.exec(key)!;
      return rows.flatMap(Object.entries<[number, number]>).flatMap(([setting, [theirBleu, theirRouge]]) => {
        const changed = answersOf(byName.get(name!)!, setting, noise!);
        const original = answersOf(byName.get(name!)!, setting, "0.0");
        const average = (score: (candidate: string, reference: string) => number) =>
          changed.reduce((total, answer, at) => total + score(original[at]!, answer), 0) / changed.length;
        return [average(sentenceBleuNltk3) - theirBleu, average(sentenceRougeLPy) - theirRouge];
      });
    });

    expect(differences).toHaveLength(200);
    expect(furthest(differences)).toBeLessThan(1e-12);
  });
});

function answersOf(concept: Record<string, string[]>, setting: string, noise: string): string[] {
  const prompt = /^jailbreak_(\d)/.exec(setting)?.[1];
  const name = prompt === undefined ? `unrelated_qa model answers ${noise}` : `model answers ${noise}-${prompt}`;
  return concept[`QA-JB ${name}`]!;
}
