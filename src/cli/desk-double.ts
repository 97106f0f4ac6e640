import { Store } from "#runs";
import type { Desk } from "./desk.ts";

/** A desk for tests that keeps what is printed and told. */
export interface DeskDouble extends Desk {
  readonly printed: string[];
  readonly told: string[];
}

/** A desk without a terminal; `over` replaces what a test cares about. */
export function deskDouble(over: Partial<Desk> = {}): DeskDouble {
  const printed: string[] = [];
  const told: string[] = [];
  return {
    ...{ env: {}, home: "", isTerminal: false, printed, told },
    environment: () => ({}),
    print: (text) => void printed.push(text),
    printPart: (text) => void printed.push(text),
    tell: (text) => void told.push(text),
    openStore: () => {
      throw new Error("this test has no store");
    },
    ...over,
  };
}

/** A desk over a store of its own, in `home`. */
export const deskAt = (home: string, over: Partial<Desk> = {}): DeskDouble =>
  deskDouble({ home, openStore: (options) => new Store(home, options), ...over });
