import { Store } from "#runs";
import type { Desk } from "./desk.ts";

/** A desk for tests that keeps what is printed and told. */
export interface DeskDouble extends Desk {
  readonly printed: string[];
  readonly told: string[];
  readonly drawn: string[];
}

/** A desk without a terminal; `over` replaces what a test cares about. */
export function deskDouble(over: Partial<Desk> = {}): DeskDouble {
  const printed: string[] = [];
  const told: string[] = [];
  const drawn: string[] = [];
  return {
    env: {},
    home: "",
    isTerminal: false,
    columns: 100,
    printed,
    told,
    drawn,
    environment: () => ({}),
    print: (text) => void printed.push(text),
    printPart: (text) => void printed.push(text),
    tell: (text) => void told.push(text),
    draw: (line) => void drawn.push(line),
    openStore: () => {
      throw new Error("this test has no store");
    },
    ...over,
  };
}

/** A desk over a store of its own, in `home`. */
export const deskAt = (home: string, over: Partial<Desk> = {}): DeskDouble =>
  deskDouble({ home, openStore: (options) => new Store(home, options), ...over });
