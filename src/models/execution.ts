import type { Tensor } from "#base";
import { type Dim, type TensorType, tensorType, type Value } from "#engine";
import { editTensors, editTypes, isShaped, type TapEdit } from "./edits.ts";
import type { DecoderConfig } from "./family.ts";
import { type KeysAndValues, type Pass, wholeTexts } from "./pass.ts";

/** Keys and values of one block, [B, Hk, P, D] each. */
export interface CachedBlock {
  readonly key: Tensor;
  readonly value: Tensor;
}

/** What one pass over tokens is given; see Pass. */
export interface PassTensors {
  /** int64 [B, T] */
  readonly inputIds: Tensor;
  /** int64 [B, T] */
  readonly positions?: Tensor | undefined;
  /** int64 [B] */
  readonly last?: Tensor | undefined;
  readonly past?: { readonly lengths: Tensor; readonly blocks: readonly CachedBlock[] } | undefined;
}

/** Something that is computed from the logits inside the program, so that they need not leave it. */
export interface Finish {
  /** Equal names mean equal computations. */
  readonly name: string;
  readonly types: Readonly<Record<string, TensorType>>;
  readonly tensors: Readonly<Record<string, Tensor>>;
  build(logits: Value, inputs: Readonly<Record<string, Value>>): Readonly<Record<string, Value>>;
}

/** One run of a model. */
export interface Execution {
  readonly inputs: PassTensors;
  /** The activations to hand out. */
  readonly read?: readonly string[];
  readonly edits?: readonly TapEdit[];
  readonly finish?: Finish | undefined;
  /** The fingerprint of the weights, where they are built into the program; streamed ones never are. */
  readonly frozen?: number | undefined;
  /** Whether the outputs may be overwritten by the next run of the same kind. */
  readonly reuse?: boolean;
}

/** What a run gave: activations by name, and what `finish` made of the logits. */
export interface Executed {
  readonly taps: Readonly<Record<string, Tensor>>;
  readonly finished: Readonly<Record<string, Tensor>>;
}

/** Which inputs a pass has, and what is known of their lengths. */
export function passKey(execution: Execution): string {
  const { positions, last, past } = execution.inputs;
  const given = [positions && "positions", last && "last", past && "past"].filter(Boolean);
  return [...axesOf(execution), ...given].join("+");
}

/**
 * The lengths of a batch and of its texts as a program knows them: symbols, so that one program serves all; but numbers
 * where an edit brings a tensor of the activation's own shape.
 */
export function axesOf({ inputs, edits = [] }: Execution): readonly [batch: Dim, tokens: Dim] {
  const [batch, tokens] = inputs.inputIds.shape as [number, number];
  return edits.some(isShaped) ? [batch, tokens] : ["B", "T"];
}

/** The types of the inputs that every part of a model may need: all of a pass but its ids and its past. */
export function sharedTypes({ positions, last, past }: PassTensors, [batch, tokens]: readonly Dim[]) {
  return {
    ...(positions === undefined ? {} : { positions: tensorType("int64", [batch!, tokens!]) }),
    ...(last === undefined ? {} : { last: tensorType("int64", [batch!]) }),
    ...(past === undefined ? {} : { lengths: tensorType("int64", [batch!]) }),
  };
}

/** The tensors that belong to `sharedTypes`. */
export function sharedTensors({ positions, last, past }: PassTensors) {
  return {
    ...(positions === undefined ? {} : { positions }),
    ...(last === undefined ? {} : { last }),
    ...(past === undefined ? {} : { lengths: past.lengths }),
  };
}

/** The values that belong to `sharedTypes`. */
export type SharedValues = { readonly [Name in "positions" | "last" | "lengths"]?: Value | undefined };

/** The types of one block's keys and values in the past. */
export function cacheTypes({ keyValueHeads, headSize }: DecoderConfig, batch: Dim) {
  const type = tensorType("float32", [batch, keyValueHeads, "P", headSize]);
  return { key: type, value: type };
}

/** The pass as a model sees it. `like` has the shape [B, T, …]. */
export function passOf(
  { positions, last, lengths }: SharedValues,
  blocks: readonly KeysAndValues[],
  like: Value,
): Pass {
  return {
    ...(positions === undefined ? wholeTexts(like) : { positions }),
    last,
    past: lengths === undefined ? undefined : { lengths, blocks },
  };
}

/** The types of all edits, in order. */
export const typesOfEdits = (edits: readonly TapEdit[], [batch]: readonly Dim[]) =>
  edits.map((edit) => editTypes(edit, batch));

/** The tensors of all edits, in order. */
export const tensorsOfEdits = (edits: readonly TapEdit[], { inputIds }: PassTensors) =>
  edits.map((edit) => editTensors(edit, inputIds.shape));
