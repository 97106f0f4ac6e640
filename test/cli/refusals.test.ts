// Exercises: src/cli/main.ts src/cli/commands/index.ts
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { Store, summaryOf } from "#runs";
import { deskAt } from "../../src/cli/desk-double.ts";
import { runCommandLine } from "../../src/cli/main.ts";

const scratch = (): string => mkdtempSync(join(tmpdir(), "assay-refusals-"));

async function assay(line: string, home = scratch(), over = {}) {
  const desk = deskAt(home, over);
  const code = await runCommandLine(line.split(" ").filter(Boolean), desk);
  return { code, said: desk.told.join("\n"), printed: desk.printed.join("\n"), home };
}

const tiny = "--preset tiny --set pictures=1 --set side=2 --set needles=1";

test.each([
  ["run mmnedle", 'did you mean "mmneedle"'],
  ["rum mmneedle", "Did you mean run"],
  ["run mmneedle --budgt 5", "Did you mean --budget"],
  ["run mmneedle --set pictuers=1", 'did you mean "pictures"'],
  ["run mmneedle --set side=0", "side"],
  ["run mmneedle --set side", "Expected --set name=value"],
  ["run mmneedle --set side=2 --set side=4", "twice"],
  ["run mmneedle --set side=1 --set pictures=1 --set needles=5 -m baseline:oracle", "cell"],
  ["run mmneedle --limit 0", "--limit"],
  ["run mmneedle --preset huge", "tiny, mini, standard, paper"],
  ["run mmneedle -m opnai/gpt-4o", 'did you mean "openai/gpt-4o"'],
  ["run mmneedle -m openai/gpt-4o", "Expected a key in OPENAI_API_KEY"],
  ["run mmneedle -m baseline:oracle -m baseline:oracle", "twice"],
  ["run mmneedle --budget -1", "--budget"],
  ["run mmneedle -m openai-compatible/x@http://localhost:1/v1 --budget 5", "--prices"],
  ["resume mmneedle-x --set side=4", "unknown option '--set'"],
  ["show nothing", "assay"],
  ["claims mmnedle", 'did you mean "mmneedle"'],
  ["score mmneedle", "file"],
  ["schema cmpare", "compare"],
  ["", "Usage: assay"],
])("assay %s ends with 1 or 2 and says what to do", async (line, advice) => {
  const { code, said } = await assay(line);

  expect([1, 2]).toContain(code);
  expect(said).toContain(advice);
  expect(said).not.toMatch(/\n {4}at /);
});

test.each([
  [`run mmneedle ${tiny} -m mini:atlas`, "reads text only"],
  [`run mmneedle ${tiny} -m baseline:oracle -m mini:atlas`, "reads text only"],
  ["run concept-vectors --preset tiny -m baseline:oracle", "Expected an open model"],
])("assay %s is refused before there is a run", async (line, reason) => {
  const { code, said, home } = await assay(line);

  expect(code).toBe(2);
  expect(said).toContain(reason);
  expect(readdirSync(home)).toEqual([]);
});

test.each([
  [`run mmneedle ${tiny} -m baseline:orakel`, "baseline:oracle"],
  ["run cross-lingual-editing --preset tiny --set layer=99", "Expected a layer from 0 to 3, got 99"],
])(
  "assay %s, which only the study can refuse, ends with 2 and does not invite to a resume that cannot help",
  async (line, reason) => {
    const { code, said, home } = await assay(`${line} --quiet`);
    const resumed = await assay("resume latest", home);
    const listed = await assay("runs", home);

    expect(code).toBe(2);
    expect(said).toContain(reason);
    expect(said).not.toContain("assay resume");
    expect(resumed).toMatchObject({ code: 1, said: expect.stringMatching(/was refused.*start a new run/) });
    expect(listed.printed).toContain("refused");
  },
);

test("a run that lacks a key for its judge can be resumed once there is one", async () => {
  const judged = "run concept-vectors --preset tiny --set judge=openai/gpt-4o --quiet";

  const { code, said } = await assay(judged);

  expect(code).toBe(2);
  expect(said).toContain("OPENAI_API_KEY");
  expect(said).toContain("assay resume concept-vectors-");
});

test("a full disk ends a run with 1, what was committed stays, and the run can be resumed", async () => {
  const home = scratch();
  const openStore = (options = {}) => new Store(home, { ...options, maxPages: 24 });

  const full = await assay(`run mmneedle ${tiny} -m baseline:oracle --set samples=200`, home, { openStore });
  const answered = countAnswers(home);
  const resumed = await assay("resume latest --quiet", home);

  expect(full.code).toBe(1);
  expect(full.said).toMatch(/disk is full.*committed is safe/);
  expect(full.said).toMatch(/assay resume mmneedle-/);
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThan(400);
  expect(resumed.code).toBe(0);
  expect(countAnswers(home)).toBe(400);
});

function countAnswers(home: string): number {
  using store = new Store(home, { readOnly: true });
  return store.row<{ n: number }>("SELECT count(*) AS n FROM answers")!.n;
}

test("a damaged store ends a run with 1 and stays; assay doctor --move-aside keeps it under another name", async () => {
  const home = scratch();
  writeFileSync(join(home, "store.sqlite"), "no database ".repeat(1000));

  const run = await assay(`run mmneedle ${tiny} -m baseline:oracle`, home);
  const doctor = await assay("doctor --move-aside", home);
  const again = await assay(`run mmneedle ${tiny} -m baseline:oracle --quiet`, home);

  expect(run).toMatchObject({ code: 1, said: expect.stringContaining("--move-aside") });
  const kept = /kept as (\S+)/.exec(doctor.said)![1]!;
  expect(readFileSync(kept, "utf8")).toContain("no database");
  expect(again.code).toBe(0);
});

test("assay doctor --move-aside leaves a store alone that is well or of a newer version", async () => {
  const { home } = await assay(`run mmneedle ${tiny} -m baseline:oracle --quiet`);
  const well = await assay("doctor --move-aside", home);
  const newer = new DatabaseSync(join(home, "store.sqlite"));
  newer.exec("PRAGMA user_version = 99");
  newer.close();

  const refused = await assay("doctor --move-aside", home);

  expect(well.said).toContain("not damaged and stays");
  expect(refused.said).not.toContain("kept as");
  expect((await assay("runs", home)).said).toContain("version 99");
});

test("resume refuses a finished run, and a run whose data, subject or code are no longer the same", async () => {
  const { home } = await assay(`run mmneedle ${tiny} -m baseline:oracle --quiet`);
  const finished = await assay("resume latest", home);
  const change = (what: string, value: string) => {
    using store = new Store(home);
    store.write(
      `UPDATE runs SET status = 'stopped', note = 'a person', manifest = json_set(manifest, '${what}', json('${value}'))`,
    );
  };

  change("$.code", '"0+old"');
  const code = await assay("resume latest", home);
  change("$.data", '"other"');
  const data = await assay("resume latest --allow-code-change", home);

  expect(finished).toMatchObject({ code: 1, said: expect.stringContaining("assay show") });
  expect(code).toMatchObject({ code: 2, said: expect.stringContaining("--allow-code-change") });
  expect(data).toMatchObject({ code: 1, said: expect.stringContaining("DATA_CHANGED") });
  using store = new Store(home);
  expect(summaryOf(store, "latest")).toMatchObject({ status: "stopped", note: "a person" });
});
