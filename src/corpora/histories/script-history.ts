import { posix } from "node:path";
import breaks from "./breaks.json" with { type: "json" };
import { describedIn, withoutComments } from "./commented.ts";
import { readScriptPackage, type ScriptPackage, type scriptPackages } from "./script-package.ts";
import { testsOf } from "./tests-of.ts";
import { type GeneratedHistory, Timeline } from "./timeline.ts";

/** A line of a source that was changed so that one test fails. */
export interface Break {
  readonly package: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
  /** What the line belongs to. */
  readonly function: string;
  /** The test that fails, and what it says. */
  readonly test: string;
  readonly error: string;
}

const workflow = `name: tests
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node: [24]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ matrix.node }}
      - name: Run the tests
        run: node --test
`;

/** A file of so many lines gets a commit of its own. */
const large = 190;

/**
 * A history over the sources of an installed package: files arrive, are described, documented, broken and mended.
 *
 * Texts are the package's own; the order, the messages and the broken lines are ours. That each break fails a test was
 * measured by `scripts/corpora/breaks.ts`.
 */
export function scriptHistory(name: keyof typeof scriptPackages): GeneratedHistory {
  const found = readScriptPackage(name);
  const timeline = new Timeline();
  arrive(timeline, found);
  describe(timeline, found);
  document(timeline, found);
  for (const one of (breaks as Break[]).filter((row) => row.package === name)) breakAndMend(timeline, { one, found });
  const about = `${found.name} ${found.version} (${found.licence}), with a history of our own`;
  const { commits, issues, builds } = timeline;
  return { name: `installed__${name}`, about, commits, issues, builds, installed: found.sources };
}

function arrive(timeline: Timeline, { name, version, licence, licenceText, sources }: ScriptPackage): void {
  const bare = new Map([...sources].map(([path, text]) => [path, withoutComments(text)]));
  const big = [...bare].filter(([, text]) => text.split("\n").length >= large).map(([path]) => path);
  const companions = new Map(big.map((path) => [path, importsOf(path, bare).filter((other) => !big.includes(other))]));
  const later = new Set([...big, ...[...companions.values()].flat()]);
  const manifest = `${JSON.stringify({ name, version, license: licence, type: "module" }, null, 2)}\n`;
  timeline.commit(`Start ${name}\n\nBring what everything else stands on, and its licence.`, {
    "package.json": manifest,
    LICENSE: licenceText,
    ".github/workflows/tests.yml": workflow,
    ...Object.fromEntries([...bare].filter(([path]) => !later.has(path))),
  });
  for (const [path, others] of companions) {
    const fresh = [path, ...others.filter((other) => !timeline.has(other))];
    const besides = fresh.slice(1).map((other) => posix.basename(other));
    const body = besides.length === 0 ? "It needs nothing new." : `Bring ${besides.join(", ")}, which it needs.`;
    timeline.commit(`Add ${path}\n\n${body}`, Object.fromEntries(fresh.map((one) => [one, bare.get(one)!])));
  }
  timeline.commit("Test what is there\n\nRun the tests whenever something is pushed.", {
    "test/index.test.js": testsOf[name]!,
  });
}

/** Sources that a source imports, by their paths. */
function importsOf(path: string, sources: ReadonlyMap<string, string>): string[] {
  const names = [...sources.get(path)!.matchAll(/from '(\.{1,2}\/[^']+)'/g)].map(([, name]) => name!);
  return names.map((name) => posix.join(posix.dirname(path), name)).filter((one) => sources.has(one));
}

/** Comments arrive file by file, as large changes that move no code. */
function describe(timeline: Timeline, { sources }: ScriptPackage): void {
  for (const [path, text] of sources) {
    if (withoutComments(text) === text) continue;
    const names = describedIn(text).map(({ name }) => name);
    const what = names.length === 0 ? "why it does what it does" : `what ${listed(names)} take and give`;
    timeline.commit(`Describe ${posix.basename(path, ".js")}\n\nSay in comments ${what}.`, { [path]: text });
  }
}

const listed = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} others` : names.join(", ");

/** Pages about the sources that describe several things. */
function document(timeline: Timeline, { name, sources }: ScriptPackage): void {
  for (const [path, text] of sources) {
    const parts = describedIn(text).filter((part) => part.text.length > 0);
    if (parts.reduce((lines, part) => lines + part.text.length, 0) < 12) continue;
    const title = posix.basename(path, ".js");
    const sections = parts.map((part) => `## ${part.name}\n\n${part.text.join("\n")}\n`);
    const page = `# What ${title} of ${name} offers\n\nThe code is in \`${path}\`.\n\n${sections.join("\n")}`;
    timeline.commit(`Write a page about ${title}\n\nTell what it offers for those who do not read code.`, {
      [`docs/${title}.md`]: page,
    });
  }
}

function breakAndMend(timeline: Timeline, { one, found }: { one: Break; found: ScriptPackage }): void {
  const path = one.file;
  const text = found.sources.get(path)!;
  const lines = text.split("\n");
  if (lines[one.line - 1] !== one.before) return;
  const broken = lines.with(one.line - 1, one.after).join("\n");
  const fail = timeline.commit(`Simplify ${one.function}\n\nSay the same in fewer words.`, { [path]: broken });
  const success = timeline.commit(mendingOf(one), { [path]: text });
  timeline.builds.push({ fail, success });
  timeline.issues.set(success, issueOf(one, found));
}

const mendingOf = ({ function: name, test }: Break): string =>
  `Fix ${name} where ${test}\n\nThe last change to it was wrong: the test that says so failed since.`;

function issueOf({ test, error }: Break, { name, version }: ScriptPackage): { title: string; body: string } {
  const body = `I expected that ${test}, as it did before. With the newest state of ${name} ${version} it does not. The tests say:\n\n${error}`;
  return { title: `Wrong result: ${test}`, body };
}
