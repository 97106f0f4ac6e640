import { createRedactor, type Environment } from "#evals/redaction";
import { assayHome, type OpenOptions, Store } from "#runs";
import { type DocumentName, type DocumentOf, documentVersion } from "./documents/index.ts";
import { readEnvironment } from "./environment.ts";

/** Where a command reads and writes: data on stdout, everything for people on stderr. */
export interface Desk {
  /** The real environment. */
  readonly env: Environment;
  readonly home: string;
  readonly isTerminal: boolean;
  /** Width of the terminal that data goes to; absent for a pipe or a file, which get whole lines. */
  readonly columns?: number | undefined;
  /** The real environment over the files named, over `.env` in the working directory. */
  environment(files?: readonly string[]): Environment;
  /** Data: programs read it. */
  print(text: string): void;
  /** Data that grows within a line: a text as it is generated. */
  printPart(text: string): void;
  /** Progress and hints: people read them. */
  tell(text: string): void;
  openStore(options?: OpenOptions): Store;
}

/** The desk of this process. */
export function processDesk(env: Environment = process.env): Desk {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", leaveWhenNobodyReads);
  const home = assayHome(env);
  return {
    env,
    home,
    isTerminal: process.stderr.isTTY === true && !env.CI && env.TERM !== "dumb",
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    environment: (files = []) => readEnvironment(files, env),
    print: (text) => void process.stdout.write(`${text}\n`),
    printPart: (text) => void process.stdout.write(text),
    tell: (text) => void process.stderr.write(`${text}\n`),
    openStore: (options) => new Store(home, options),
  };
}

/** `assay show … | head` ends the reader first: that is no error of ours. */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
}

/** What may be said of an error: without the secrets of the environment and without whatever looks like one. */
export function withoutSecrets(text: string, desk: Desk): string {
  return createRedactor(desk.env).message(text);
}

/** Prints one JSON document, with its schema version first. */
export function printJson<Name extends DocumentName>(desk: Desk, _name: Name, document: DocumentOf<Name>): void {
  desk.print(JSON.stringify({ schema: `assay/${documentVersion}`, ...document }, null, 2));
}
