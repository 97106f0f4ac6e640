import { assayHome, type OpenOptions, Store } from "#runs";

/** Where a command reads and writes: data on stdout, everything for people on stderr. */
export interface Desk {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly isTerminal: boolean;
  /** Data: programs read it. */
  print(text: string): void;
  /** Progress and hints: people read them. */
  tell(text: string): void;
  openStore(options?: OpenOptions): Store;
}

/** The desk of this process. */
export function processDesk(env: Desk["env"] = process.env): Desk {
  const home = assayHome(env);
  return {
    env,
    home,
    isTerminal: process.stderr.isTTY === true && !env.CI,
    print: (text) => void process.stdout.write(`${text}\n`),
    tell: (text) => void process.stderr.write(`${text}\n`),
    openStore: (options) => new Store(home, options),
  };
}

/** Version of what `--json` prints; it grows when a field changes its meaning or goes. */
export const jsonSchemaVersion = 1;

/** Prints one JSON document, with its schema version first. */
export function printJson(desk: Desk, document: object): void {
  desk.print(JSON.stringify({ schema: `assay/${jsonSchemaVersion}`, ...document }, null, 2));
}
