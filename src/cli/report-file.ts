import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { AssayError } from "#base";
import { writeAtomically } from "#formats";
import { type Report, renderHtml } from "#report";
import { openRun } from "#runs";
import { loadStudy } from "#studies";
import type { Desk } from "./desk.ts";

/** Writes a run's report as one self-contained file; a killed or failed attempt leaves no half of it. */
export async function writeReport(id: string, { file, desk }: { file: string; desk: Desk }): Promise<void> {
  using store = desk.openStore({ readOnly: true });
  const run = openRun(store, id);
  const { report } = await loadStudy(run.manifest.study);
  const document = await report(run, { pictures: true });
  try {
    writeDocument(document, file);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new AssayError("FILE_UNWRITABLE", `report: Expected to write ${file}, got ${message}`, { cause: error });
  }
  desk.tell(`Report: ${file}`);
}

function writeDocument(document: Report, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const utf8 = new TextEncoder();
  writeAtomically(file, (append) => {
    // In pieces: a report with pictures can pass the longest string that V8 allows.
    for (const piece of renderHtml(document)) append(utf8.encode(piece));
  });
}
