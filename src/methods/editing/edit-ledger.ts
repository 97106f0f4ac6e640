import { join } from "node:path";
import { z } from "zod";
import { AssayError } from "#base";
import { firstFile, readTextFile } from "#formats";
import { checkedJson } from "./checked-json.ts";

/** Where an edited folder keeps what it remembers. */
export const editsFolder = "edits";
/** Which patches are on it. */
export const ledgerName = `${editsFolder}/ledger.json`;
/** The bytes of what they replaced. */
export const originalsName = `${editsFolder}/originals.safetensors`;

/** One patch on a folder. */
export interface AppliedPatch {
  readonly id: string;
  readonly method: string;
  /** Patches that it was made on top of; they cannot go before it. */
  readonly needs: readonly string[];
}

/** What an edited folder knows of itself. */
export interface EditLedger {
  readonly version: 1;
  /** Hash of the weights without any patch. */
  readonly base: string;
  readonly patches: readonly AppliedPatch[];
  /** By the path of each edited weight: its tensor's name, and SHA-256 of its stored bytes without and with the patches. */
  readonly tensors: Readonly<
    Record<string, { readonly name: string; readonly original: string; readonly edited: string }>
  >;
}

const schema = z.object({
  version: z.literal(1),
  base: z.string(),
  patches: z.array(z.object({ id: z.string(), method: z.string(), needs: z.array(z.string()) })),
  tensors: z.record(z.string(), z.object({ name: z.string(), original: z.string(), edited: z.string() })),
});

/** The ledger of a folder; undefined where no patch is on it. @throws AssayError LEDGER_INVALID */
export function readEditLedger(folder: string): EditLedger | undefined {
  const path = join(folder, ledgerName);
  return firstFile([path]) === undefined ? undefined : parseLedger(path, readTextFile(path));
}

function parseLedger(path: string, text: string): EditLedger {
  return checkedJson(text, schema, (got, cause) => {
    const wayOut = "restore it, or remove edits/ and take the weights as they are";
    const claim = `Expected the patches of a folder in ${path}, got ${got}; ${wayOut}`;
    return new AssayError("LEDGER_INVALID", `editing: ${claim}`, { cause });
  });
}
