import { createHash } from "node:crypto";
import type { Store, StoredAnswer } from "./store/store.ts";

/**
 * Hash of what a run found: steps, answers with their scores, records, verdicts, each in the order of its key.
 * Never times, latencies, token counts, raw responses or hosts: an interrupted run and an uninterrupted one agree.
 */
export function resultHash(store: Store, run: string): string {
  const hash = createHash("sha256");
  const add = (...fields: (string | number | null)[]): void => void hash.update(`${JSON.stringify(fields)}\n`);
  for (const row of store.each<{ name: string; value: string }>(
    "SELECT name, value FROM steps WHERE run = ? ORDER BY name",
    run,
  )) {
    add("step", row.name, row.value);
  }
  const answers = store.each<StoredAnswer>(
    "SELECT subject, sample, repeat, truth, text, score FROM answers WHERE run = ? ORDER BY subject, sample, repeat",
    run,
  );
  for (const row of answers) add("answer", row.subject, row.sample, row.repeat, row.truth, row.text, row.score);
  for (const row of store.each<{ key: string; value: string }>(
    "SELECT key, value FROM records WHERE run = ? ORDER BY key",
    run,
  )) {
    add("record", row.key, row.value);
  }
  for (const row of store.each<{ value: string }>("SELECT value FROM verdicts WHERE run = ? ORDER BY position", run)) {
    add("verdict", row.value);
  }
  return hash.digest("hex");
}
