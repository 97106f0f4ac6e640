import type { Answer, FinishReason, Json, MeasuredRecord, Sample, Score, Verdict } from "#base";
import { AssayError, canonicalJson, invariant } from "#base";
import type { Manifest } from "./manifest.ts";
import { resultHash } from "./result-hash.ts";
import { getArtefact, putArtefact } from "./store/artefacts.ts";
import { parsed, type Store, type StoredAnswer } from "./store/store.ts";

/** Tells whoever watches what a run does; never part of its result. */
export type RunEvent =
  | { readonly type: "step-start" | "step-end"; readonly step: string; readonly cached: boolean }
  | { readonly type: "steps-ahead"; readonly count: number }
  | { readonly type: "note"; readonly text: string };

/** What one commit stores. */
export interface ScoredAnswer {
  readonly subject: string;
  readonly sample: Sample;
  readonly answer: Answer;
  readonly score: Score;
  /** True when it came from the response cache, so that its tokens were paid for by another run. */
  readonly cached?: boolean;
}

/** Tokens that a subject's answers used. */
export interface SubjectUsage {
  readonly subject: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** An answered sample, read back. */
export interface AnsweredSample<Truth extends Json = Json> {
  readonly subject: string;
  readonly sample: string;
  readonly repeat: number;
  readonly group: string;
  readonly truth: Truth;
  readonly text: string | null;
  readonly score: Score;
  readonly finishReason: FinishReason;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number;
  /** What the provider said where it failed for good. */
  readonly error: string | null;
  readonly cached: boolean;
}

/**
 * One execution of a study. Whatever a method here returns from is committed: killed at any instant, the run resumes
 * and ends with the result hash it would have had.
 */
export class Run {
  readonly id: string;
  readonly manifest: Manifest;
  readonly store: Store;
  readonly #onEvent: (event: RunEvent) => void;
  #position = 0;

  constructor(
    store: Store,
    { id, manifest, onEvent = () => {} }: { id: string; manifest: Manifest; onEvent?: (event: RunEvent) => void },
  ) {
    this.store = store;
    this.id = id;
    this.manifest = manifest;
    this.#onEvent = onEvent;
  }

  /** The same run, telling its events to someone. */
  watchedBy(onEvent: (event: RunEvent) => void): Run {
    return new Run(this.store, { id: this.id, manifest: this.manifest, onEvent });
  }

  /** Says how many steps lie ahead, about, so that whoever watches can tell the time left; counts of several calls add up. */
  foresee(count: number): void {
    this.#onEvent({ type: "steps-ahead", count });
  }

  /**
   * A unit of work that is stored, as JSON, before the next begins; on resume its stored value comes back instead.
   *
   * @throws AssayError NOT_JSON for what JSON would change: NaN, typed arrays, instances of classes
   */
  async step<Value>(name: string, compute: () => Promise<Value> | Value): Promise<Value> {
    const stored = this.store.row<{ value: string }>(
      "SELECT value FROM steps WHERE run = ? AND name = ?",
      this.id,
      name,
    );
    this.#onEvent({ type: "step-start", step: name, cached: stored !== undefined });
    const text = stored?.value ?? this.#commitStep(name, await compute());
    this.#onEvent({ type: "step-end", step: name, cached: stored !== undefined });
    return parsed<Value>(text);
  }

  #commitStep(name: string, value: unknown): string {
    const text = canonicalJson(value);
    const changed = this.store.write("INSERT OR IGNORE INTO steps VALUES (?, ?, ?)", this.id, name, text);
    invariant(changed === 1, `step "${name}" was committed twice in run ${this.id}`);
    return text;
  }

  /** Everything that steps stored, by their names. */
  steps(): Map<string, Json> {
    const rows = this.store.rows<{ name: string; value: string }>(
      "SELECT name, value FROM steps WHERE run = ? ORDER BY name",
      this.id,
    );
    return new Map(rows.map(({ name, value }) => [name, parsed<Json>(value)]));
  }

  /** Whether this sample's answer is committed already. */
  has(subject: string, sample: string, repeat: number): boolean {
    const sql = "SELECT 1 FROM answers WHERE run = ? AND subject = ? AND sample = ? AND repeat = ?";
    return this.store.row(sql, this.id, subject, sample, repeat) !== undefined;
  }

  /** Stores an answer with its score. Unique by (run, subject, sample, repeat): a second one is refused. */
  commit({ subject, sample, answer, score, cached = false }: ScoredAnswer): void {
    const { inputTokens = null, outputTokens = null } = answer.usage ?? {};
    this.store.write(
      "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[this.id, subject, sample.id, sample.repeat, sample.group, canonicalJson(sample.truth), answer.text],
      ...[canonicalJson(score), answer.finishReason, inputTokens, outputTokens, answer.latencyMs],
      ...[answer.error === undefined ? null : JSON.stringify(answer.error)],
      ...[answer.logProbs === undefined ? null : JSON.stringify(answer.logProbs), JSON.stringify(answer.raw)],
      Number(cached),
    );
  }

  /** The answered samples of a subject, in the order of their ids; of one group when named. */
  *answers<Truth extends Json = Json>({
    subject,
    group,
  }: {
    subject?: string;
    group?: string;
  } = {}): Generator<AnsweredSample<Truth>> {
    const conditions = [
      "run = ?",
      ...(subject === undefined ? [] : ["subject = ?"]),
      ...(group === undefined ? [] : ["sample_group = ?"]),
    ];
    const values = [this.id, ...[subject, group].filter((value) => value !== undefined)];
    const order = group === undefined ? "subject, sample, repeat" : "subject, sample_group, sample, repeat";
    const sql = `SELECT ${answerColumns} FROM answers WHERE ${conditions.join(" AND ")} ORDER BY ${order}`;
    for (const row of this.store.each<StoredAnswer>(sql, ...values)) {
      yield readAnswer<Truth>(row);
    }
  }

  /** Tokens that this run paid for, by subject, in its earlier sessions too. */
  usage(): SubjectUsage[] {
    return this.store.rows<SubjectUsage>(
      `SELECT subject, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens
       FROM answers WHERE run = ? AND input_tokens IS NOT NULL AND cached = 0 GROUP BY subject`,
      this.id,
    );
  }

  /** Records a measured number. The same (subject, setting, metric, group) again replaces it: on resume it is measured anew. */
  record(measured: MeasuredRecord): void {
    const { subject, setting, metric, group = null } = measured;
    const key = canonicalJson({ subject, setting, metric, group });
    this.store.write(
      "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)",
      this.id,
      key,
      this.#position++,
      canonicalJson(measured),
    );
  }

  /** All records, in the order in which they were measured. */
  records(): MeasuredRecord[] {
    return this.store
      .rows<{ value: string }>("SELECT value FROM records WHERE run = ? ORDER BY position", this.id)
      .map((row) => parsed<MeasuredRecord>(row.value));
  }

  /** Starts measuring anew: records of an interrupted attempt that the study would not repeat must not linger. */
  clearRecords(): void {
    this.store.write("DELETE FROM records WHERE run = ?", this.id);
    this.#position = 0;
  }

  /** Keeps a large thing as a file named by its content hash. */
  putArtefact(bytes: Uint8Array): string {
    return putArtefact(this.store.folder, bytes);
  }

  getArtefact(hash: string): Uint8Array {
    return getArtefact(this.store.folder, hash);
  }

  note(text: string): void {
    this.#onEvent({ type: "note", text });
  }

  /** Stores the verdicts, the result hash and the end of the run, all or nothing. */
  finish(verdicts: readonly Verdict[]): string {
    return this.store.transaction(() => {
      this.store.write("DELETE FROM verdicts WHERE run = ?", this.id);
      for (const [position, verdict] of verdicts.entries()) {
        this.store.write("INSERT INTO verdicts VALUES (?, ?, ?)", this.id, position, canonicalJson(verdict));
      }
      const hash = resultHash(this.store, this.id);
      this.#close("finished", { hash });
      return hash;
    });
  }

  /** Marks the run as ended early; everything committed stays. A run that is refused cannot be resumed. */
  halt(status: "stopped" | "failed" | "refused", note: string): void {
    this.#close(status, { note });
  }

  #close(status: string, { hash = null, note = null }: { hash?: string | null; note?: string | null }): void {
    const sql = "UPDATE runs SET status = ?, result_hash = ?, note = ?, finished_at = ?, process = NULL WHERE id = ?";
    const changed = this.store.write(sql, status, hash, note, new Date().toISOString(), this.id);
    if (changed !== 1)
      throw new AssayError("RUN_MISSING", `runs: Expected run ${this.id} in ${this.store.file}, it is gone`);
  }

  verdicts(): Verdict[] {
    return this.store
      .rows<{ value: string }>("SELECT value FROM verdicts WHERE run = ? ORDER BY position", this.id)
      .map((row) => parsed<Verdict>(row.value));
  }
}

const answerColumns =
  "subject, sample, repeat, sample_group, truth, text, score, finish_reason, input_tokens, output_tokens, latency_ms, error, cached";

const readAnswer = <Truth extends Json>(row: StoredAnswer): AnsweredSample<Truth> => ({
  subject: row.subject,
  sample: row.sample,
  repeat: row.repeat,
  group: row.sample_group,
  truth: parsed<Truth>(row.truth),
  text: row.text,
  score: parsed<Score>(row.score),
  finishReason: row.finish_reason as FinishReason,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  latencyMs: row.latency_ms,
  error: row.error === null ? null : parsed<{ message: string }>(row.error).message,
  cached: row.cached === 1,
});
