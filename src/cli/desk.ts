import { createRedactor, type Environment } from "#evals/redaction";
import { type AlignedTableOptions, alignedTable, brokenLines, visibleLine } from "#report/terminal";
import { assayHome, type OpenOptions, Store } from "#runs";
import { type DocumentName, type DocumentOf, documentVersion } from "./documents/index.ts";
import { readEnvironment } from "./environment.ts";

/** Where a command reads and writes: data on stdout, everything for people on stderr. */
export interface Desk {
  /** The real environment. */
  readonly env: Environment;
  readonly home: string;
  readonly isTerminal: boolean;
  /** Width of the terminal that data goes to, 100 for a pipe or a file; `COLUMNS` decides where there is no terminal. */
  readonly columns: number;
  /** The real environment over the files named, over `.env` in the working directory. */
  environment(files?: readonly string[]): Environment;
  /** Data: programs read it. */
  print(text: string): void;
  /** Data that grows within a line: a text as it is generated. */
  printPart(text: string): void;
  /** Progress and hints: people read them. */
  tell(text: string): void;
  /** Progress on a terminal: a line in place of the one drawn before, cut to fit; nothing to clear it. */
  draw(line: string): void;
  openStore(options?: OpenOptions): Store;
}

/** The desk of this process. */
export function processDesk(env: Environment = process.env): Desk {
  process.stdout.on("error", leaveWhenNobodyReads);
  process.stderr.on("error", goOnWhenNobodyReads);
  const home = assayHome(env);
  return {
    env,
    home,
    isTerminal: process.stderr.isTTY === true && !env.CI && env.TERM !== "dumb",
    get columns() {
      return columnsOf(process.stdout, env);
    },
    environment: (files = []) => readEnvironment(files, env),
    print: (text) => void process.stdout.write(`${text}\n`),
    printPart: (text) => void process.stdout.write(text),
    tell: (text) => void process.stderr.write(`${text}\n`),
    draw: (line) => {
      const [shown = ""] = brokenLines(visibleLine(line), { width: columnsOf(process.stderr, env) - 1 });
      process.stderr.write(`\r\u001b[2K${shown}`);
    },
    openStore: (options) => new Store(home, options),
  };
}

/** A terminal of no width is one that does not know its own. */
function columnsOf({ columns }: { readonly columns?: number }, { COLUMNS }: Environment): number {
  const given = Number(COLUMNS);
  const known = columns || (Number.isSafeInteger(given) && given > 0 ? given : 100);
  return Math.max(leastColumns, known);
}

/** Narrower than this nothing can be read. */
const leastColumns = 20;

/** `assay show … | head` ends the reader first: that is no error of ours. */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
}

/** Work that nobody watches any more is done to its end, and its exit code tells how it went. */
function goOnWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** What may be said of an error: without the secrets of the environment and without whatever looks like one. */
export function withoutSecrets(text: string, desk: Desk): string {
  return createRedactor(desk.env).message(text);
}

/** Prints a table that fits the desk. */
export function printTable(
  desk: Desk,
  [header, ...rows]: readonly [readonly string[], ...(readonly string[])[]],
  options: Pick<AlignedTableOptions, "names"> = {},
): void {
  desk.print(alignedTable(header, rows, { ...options, width: desk.columns }));
}

/** Prints one JSON document, with its schema version first. */
export function printJson<Name extends DocumentName>(desk: Desk, _name: Name, document: DocumentOf<Name>): void {
  desk.print(JSON.stringify({ schema: `assay/${documentVersion}`, ...document }, null, 2));
}
