import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { AssayError } from "#base";
import { createRun, defineStudy, Store, type Study, summaryOf } from "#runs";
import { deskAt } from "./desk-double.ts";
import { createProgressLine } from "./progress-line.ts";
import { conductRun } from "./session.ts";

let home: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "assay-session-"));
  home = folder;
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const paper = { title: "T", authors: "A", venue: "V", link: "L", claim: "C" };

/** A study of computed work, which asks nobody. */
const studyThat = (conduct: Study["conduct"]): Study =>
  defineStudy({
    id: "demo",
    paper,
    question: "Q",
    settings: {},
    claims: [],
    published: [],
    miniatureSubjects: [],
    needs: { subject: "s", mini: "m", paper: "p" },
    identify: async () => "data",
    plan: () => Promise.reject(new Error("nobody plans")),
    conduct,
  });

/** Conducts it, with Ctrl-C already pressed or not, and says how that ended. */
async function conducted(study: Study, { pressed = false } = {}) {
  using store = new Store(home);
  const desk = deskAt(home);
  const run = createRun(store, {
    study: "demo",
    settings: {},
    preset: "tiny",
    seed: 0,
    limit: null,
    data: "data",
    subjects: [],
    code: "0",
  });
  const stop = new AbortController();
  if (pressed) stop.abort();
  const session = {
    study,
    run,
    subjects: [],
    flags: { cache: true },
    scheduling: {},
    interruption: { signal: stop.signal, [Symbol.dispose]: () => {} },
    progress: createProgressLine(desk, { quiet: true }),
  };
  const error: unknown = await conductRun(session, desk).catch((thrown: unknown) => thrown);
  const { status, note } = summaryOf(store, run.id);
  return { error, status, note, told: desk.told.join("\n") };
}

test.each([
  ["the signal's reason", (signal: AbortSignal) => signal.throwIfAborted()],
  [
    "ABORTED",
    () => {
      throw new AssayError("ABORTED", "model: Expected to go on, got a stop");
    },
  ],
])("conductRun() takes %s after Ctrl-C for the stop that it is: 130, and a command to go on", async (_, halt) => {
  const { error, status, told } = await conducted(
    studyThat(async ({ signal }) => halt(signal)),
    { pressed: true },
  );

  expect(error).toMatchObject({ code: 130 });
  expect(status).toBe("stopped");
  expect(told).toContain("assay resume demo-");
});

test("conductRun() keeps an error apart that comes after Ctrl-C and has another cause", async () => {
  const study = studyThat(() => Promise.reject(new AssayError("STORE_FULL", "store: The disk is full")));

  const { error, status, note, told } = await conducted(study, { pressed: true });

  expect(error).toMatchObject({ code: "STORE_FULL" });
  expect([status, note]).toEqual(["failed", "store: The disk is full"]);
  expect(told).toContain("once the cause is mended");
});
