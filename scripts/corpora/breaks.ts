/**
 * Writes src/corpora/histories/breaks.json: lines of installed sources that were changed so that one of the tests of
 * `tests-of.ts` fails, and what it says then. Each change is tried; what no test notices is left out.
 *
 *     node --conditions=assay-source scripts/corpora/breaks.ts
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stream } from "#base";
import type { Break } from "../../src/corpora/histories/script-history.ts";
import { readScriptPackage, type ScriptPackage, scriptPackages } from "../../src/corpora/histories/script-package.ts";
import { testsOf } from "../../src/corpora/histories/tests-of.ts";

const wanted = 8;
const ofFile = 2;
/** A loop that never ends is no failing test. */
const longestMs = 4000;

/** Changes of one sign or word, as people make them by mistake. */
const slips: readonly (readonly [RegExp, string])[] = [
  [/ < /, " <= "],
  [/ <= /, " < "],
  [/ > /, " >= "],
  [/ >= /, " > "],
  [/ === /, " !== "],
  [/ !== /, " === "],
  [/ && /, " || "],
  [/ \|\| /, " && "],
  [/ \+ 1\b/, ""],
  [/ - 1\b/, ""],
  [/\btrue\b/, "false"],
  [/\bfalse\b/, "true"],
  [/ \+ /, " - "],
];

const rows: Break[] = [];
for (const name of Object.keys(scriptPackages)) {
  rows.push(...breaksOf(readScriptPackage(name as keyof typeof scriptPackages)));
  writeFileSync(
    "src/corpora/histories/breaks.json",
    `${JSON.stringify(rows, null, 2)}
`,
  );
}

function breaksOf(found: ScriptPackage): Break[] {
  const folder = mkdtempSync(join(tmpdir(), "assay-breaks-"));
  write(folder, {
    ...Object.fromEntries(found.sources),
    "package.json": '{"type":"module"}',
    "test/index.test.js": testsOf[found.name]!,
  });
  const breaks: Break[] = [];
  const files = new Map<string, number>();
  for (const candidate of stream(0, `breaks/${found.name}`).shuffle(candidatesIn(found))) {
    if (breaks.length === wanted) break;
    if ((files.get(candidate.file) ?? 0) >= ofFile || breaks.some(({ test }) => test === candidate.test)) continue;
    const text = found.sources.get(candidate.file)!;
    write(folder, {
      [candidate.file]: text
        .split("\n")
        .with(candidate.line - 1, candidate.after)
        .join("\n"),
    });
    const failure = failureIn(folder);
    write(folder, { [candidate.file]: text });
    if (failure === undefined || breaks.some(({ test }) => test === failure.test)) continue;
    files.set(candidate.file, (files.get(candidate.file) ?? 0) + 1);
    breaks.push({ ...candidate, ...failure });
    process.stderr.write(`${found.name} ${candidate.file}:${candidate.line} ${failure.test}\n`);
  }
  rmSync(folder, { recursive: true });
  return breaks;
}

function candidatesIn({ name, sources }: ScriptPackage): Break[] {
  return [...sources].flatMap(([file, text]) => {
    const lines = text.split("\n");
    return lines.flatMap((before, at) => {
      if (/^\s*(\/\/|\*|\/\*|import|export \{|case )/.test(before) || /['"`]/.test(before)) return [];
      const slip = slips.find(([sign]) => sign.test(before));
      const after = slip === undefined ? before : before.replace(slip[0], slip[1]);
      const owner = functionAt(lines, at);
      if (after === before || owner === undefined) return [];
      return [{ package: name, file, line: at + 1, before, after, function: owner, test: "", error: "" }];
    });
  });
}

function functionAt(lines: readonly string[], at: number): string | undefined {
  for (let line = at; line >= 0; line--) {
    const [, name] =
      /^(?: {0,4})(?:export )?(?:default )?(?:async )?(?:static )?(?:function\*? |\*)?(\w+)\([^)]*\) \{$/.exec(
        lines[line]!,
      ) ?? [];
    if (name !== undefined && !["if", "for", "while", "switch"].includes(name)) return name;
  }
  return undefined;
}

/** Exactly one test fails: its name, and the first lines of what it says. */
function failureIn(folder: string): { test: string; error: string } | undefined {
  const { stdout, status, error } = spawnSync(process.execPath, ["--test-reporter=tap", "test/index.test.js"], {
    cwd: folder,
    encoding: "utf8",
    timeout: longestMs,
    env: { PATH: process.env.PATH },
  });
  if (error !== undefined || status !== 1) return undefined;
  const failed = [...stdout.matchAll(/^ *not ok \d+ - (.+)$/gm)]
    .map(([, name]) => name!)
    .filter((name) => !name.endsWith(".js"));
  const message = /^ *error: (?:\|-\n([\s\S]*?)\n *code:|'(.*)')/m.exec(stdout);
  if (failed.length !== 1 || message === null) return undefined;
  const lines = (message[1] ?? message[2]!).split("\n").map((line) => line.trim());
  return { test: failed[0]!, error: lines.filter(Boolean).slice(0, 12).join("\n").replaceAll("\\'", "'") };
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
