/**
 * What a line of code leans on, by the names that it calls.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.3 and Appendix D
 */
import { type CodeLanguage, type CodeNames, codeNames } from "#evals";

/** The six classes, by priority: a line belongs to the first that fits. */
export const lineClasses = ["committed", "inproject", "infile", "common", "nonInformative", "random"] as const;

/** One of the six classes. */
export type LineClass = (typeof lineClasses)[number];

/** A file whose lines are classed, and what is defined around it. */
export interface ClassedFile {
  readonly text: string;
  readonly language: CodeLanguage;
  /** Names that other files of the same commit define. */
  readonly committed: ReadonlySet<string>;
  /** Names that the state before the commit defines. */
  readonly inproject: ReadonlySet<string>;
}

/**
 * Names that every project has; a line whose calls are all of them says little of this one.
 *
 * Deviation: the authors' list has 31 names, of which seven are published (main, get, run, __init__, save, forward,
 * setUp); the others are ours.
 */
const commonNames = new Set(
  `main get run __init__ save forward setUp tearDown set add close create delete init load name open parse process read
  remove reset setup size start stop test update value write call`.split(/\s+/),
);

/**
 * The lines of each class, counted from zero, in order.
 *
 * Deviation: empty lines belong to no class: there is nothing to complete.
 */
export async function classedLines(file: ClassedFile): Promise<Record<LineClass, number[]>> {
  const find = await codeNames(file.language);
  const names = find(file.text);
  const judge = judgeOf(file, names);
  const found: Record<LineClass, number[]> = {
    committed: [],
    inproject: [],
    infile: [],
    common: [],
    nonInformative: [],
    random: [],
  };
  for (const [at, line] of file.text.split("\n").entries()) {
    if (line.trim() !== "") found[judge(line, at)].push(at);
  }
  return found;
}

function judgeOf(file: ClassedFile, { defined, called }: CodeNames): (line: string, at: number) => LineClass {
  const infile = new Set(defined.map(({ name }) => name));
  const calls = Map.groupBy(called, ({ line }) => line);
  const sources = { committed: file.committed, inproject: file.inproject, infile };
  return (line, at) => {
    const names = (calls.get(at) ?? []).map(({ name }) => name);
    const own = names.filter((name) => !commonNames.has(name));
    for (const [name, known] of Object.entries(sources)) {
      if (own.some((call) => known.has(call))) return name as LineClass;
    }
    const isCommon = names.some((name) => Object.values(sources).some((known) => known.has(name)));
    if (isCommon) return "common";
    return saysLittle(line.trim(), file.language) ? "nonInformative" : "random";
  };
}

const shortest = 5;
const longest = 150;

const scripts =
  /^(\/\/|\/\*|\*|import\b|export\s+(\*|\{)|export\s+(default\s+)?(async\s+)?(function|class)\b|(const|let|var)\s.*=\s*require\(|(async\s+)?function\b|(abstract\s+)?class\b|console\.)/;
const others =
  /^(\/\/|\/\*|\*|import\b|package\b|(public|private|protected|internal|open|abstract|final|data|fun|class)\b.*[{(]\s*$|System\.out|println?\()/;

/** Prints, imports, definitions and comments, as each language writes them. */
const little: Readonly<Record<CodeLanguage, RegExp>> = {
  java: others,
  javascript: scripts,
  kotlin: others,
  python: /^(#|print\b|import\b|from\s+\S+\s+import\b|(async\s+)?def\b|class\b)/,
  typescript: scripts,
};

const saysLittle = (line: string, language: CodeLanguage): boolean =>
  line.length < shortest || line.length > longest || little[language].test(line);
