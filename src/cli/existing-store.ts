import { AssayError } from "#base";
import type { Store } from "#runs";
import type { Desk } from "./desk.ts";

/** The store for looking, or undefined where nothing was run yet. */
export function existingStore(desk: Desk): Store | undefined {
  try {
    return desk.openStore({ readOnly: true });
  } catch (error) {
    if (error instanceof AssayError && error.code === "STORE_MISSING") return undefined;
    throw error;
  }
}
