import { closeSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { renderHtml } from "#report";
import { openRun } from "#runs";
import { loadStudy } from "#studies";
import type { Desk } from "./desk.ts";

/** Writes a run's report as one self-contained file; a failed attempt leaves no half of it. */
export async function writeReport(id: string, { file, desk }: { file: string; desk: Desk }): Promise<void> {
  using store = desk.openStore({ readOnly: true });
  const run = openRun(store, id);
  const { report } = await loadStudy(run.manifest.study);
  const document = await report(run, { pictures: true });
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  const target = openSync(draft, "w");
  try {
    // In pieces: a report with pictures can pass the longest string that V8 allows.
    for (const piece of renderHtml(document)) writeSync(target, piece);
  } finally {
    closeSync(target);
  }
  renameSync(draft, file);
  desk.tell(`Report: ${file}`);
}
