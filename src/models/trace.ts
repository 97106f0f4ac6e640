import { AssayError, type Tensor, tensor } from "#base";
import type { TapEdit } from "./edits.ts";
import { execute } from "./execute.ts";
import { expectIds, type LanguageModel } from "./language-model.ts";

/** What is looked at, and what is changed meanwhile. */
export interface TraceOptions {
  /** A text, or token ids: of one text, or of several of one length. */
  readonly text?: string;
  readonly ids?: readonly number[] | readonly (readonly number[])[];
  /** The activations to hand out: `logits` when left out. */
  readonly taps?: readonly string[];
  readonly edits?: readonly TapEdit[];
}

/** What a model computed. */
export interface Trace {
  readonly ids: readonly (readonly number[])[];
  /** By name, each [B, …]. */
  readonly taps: Readonly<Record<string, Tensor>>;
}

/**
 * Runs a model over whole texts and hands out activations by name, while others are added to or replaced.
 *
 * @throws AssayError TAP_UNKNOWN with the nearest names, TOKEN_OUT_OF_RANGE, CONTEXT_TOO_LONG, EDIT_INVALID
 * @example const { taps } = await trace(model, { text: "Paris is in", taps: ["blocks.3.mlp.coefficients"] });
 */
export async function trace(model: LanguageModel, options: TraceOptions): Promise<Trace> {
  const rows = rowsOf(model, options);
  const { taps: read = ["logits"], edits = [] } = options;
  const { taps } = await execute(model, { inputs: { inputIds: idsTensor(rows) }, read: [...new Set(read)], edits });
  return { ids: rows, taps: Object.fromEntries([...new Set(read)].map((name) => [name, taps[name]!])) };
}

function rowsOf(model: LanguageModel, { text, ids }: TraceOptions): (readonly number[])[] {
  if ((text === undefined) === (ids === undefined)) {
    throw new AssayError("TEXT_MISSING", "trace: Expected either a text or ids, got both or neither");
  }
  const given = text === undefined ? ids! : model.requireTokenizer().encode(text);
  const rows = (typeof given[0] === "object" ? given : [given]) as (readonly number[])[];
  for (const row of rows) expectIds(model, row);
  if (rows.every(({ length }) => length === rows[0]!.length)) return rows;
  const lengths = rows.map(({ length }) => length).join(", ");
  throw new AssayError("SHAPE_MISMATCH", `trace: Expected texts of one length, got ${lengths}; trace them one by one`);
}

/** Token ids of texts of one length as int64 [B, T]. */
export function idsTensor(rows: readonly (readonly number[])[]): Tensor<"int64"> {
  return tensor([rows.length, rows[0]!.length], rows.flat(), "int64");
}
