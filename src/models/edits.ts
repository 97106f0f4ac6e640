import { AssayError, type Tensor, tensor } from "#base";
import { addAt, type Dim, replaceAt, type TensorType, tensorType, type Value } from "#engine";

/** A change of one activation while a model runs. */
export interface TapEdit {
  /** Which activation: `blocks.3.residual`. */
  readonly tap: string;
  /** The tokens of each text that change; all of them when left out. */
  readonly positions?: readonly number[];
  /** Added to the activation: a vector [C], or without positions anything that grows to its shape. */
  readonly add?: Tensor;
  /** Put in place of the activation; shapes as for `add`. */
  readonly replace?: Tensor;
}

/** An edit as a program sees it. */
export interface EditValues {
  readonly vector: Value;
  readonly positions?: Value | undefined;
}

const isAdding = ({ add }: TapEdit): boolean => add !== undefined;

/** What is added or put in place. @throws AssayError EDIT_INVALID */
export function vectorOf({ tap, add, replace }: TapEdit): Tensor {
  const vector = add ?? replace;
  if (vector !== undefined && (add === undefined || replace === undefined)) return vector;
  const got = vector === undefined ? "neither" : "both";
  throw new AssayError("EDIT_INVALID", `models: Expected an edit of "${tap}" to add or to replace, got ${got}`);
}

/** Whether it brings more than a vector for all tokens. */
export const isShaped = (edit: TapEdit): boolean => edit.positions === undefined && vectorOf(edit).shape.length > 1;

/** What decides the program of an edit, without its numbers. */
export const editKey = (edit: TapEdit): string =>
  [edit.tap, isAdding(edit) ? "+" : "=", vectorOf(edit).shape.join("x"), edit.positions?.length ?? "all"].join(" ");

/** The types of an edit's inputs. */
export function editTypes(edit: TapEdit, batch: Dim = "B"): { readonly [Key in keyof EditValues]: TensorType } {
  const vector = tensorType("float32", vectorOf(edit).shape);
  return edit.positions === undefined
    ? { vector }
    : { vector, positions: tensorType("int64", [batch, edit.positions.length]) };
}

/** The numbers of an edit's inputs for a batch. @throws AssayError POSITION_OUT_OF_RANGE */
export function editTensors(edit: TapEdit, [batch, tokens]: readonly number[]) {
  const vector = vectorOf(edit);
  if (edit.positions === undefined) return { vector };
  const wrong = edit.positions.find((at) => !Number.isInteger(at) || at < 0 || at >= tokens!);
  if (wrong !== undefined) {
    const claim = `Expected positions from 0 to ${tokens! - 1} in the edit of "${edit.tap}", got ${wrong}`;
    throw new AssayError("POSITION_OUT_OF_RANGE", `models: ${claim}`);
  }
  const rows = Array.from({ length: batch! }, () => edit.positions!).flat();
  return { vector, positions: tensor([batch!, edit.positions.length], rows, "int64") };
}

/** The edit on the value itself. */
export function applyEdit(edit: TapEdit, { vector, positions }: EditValues): (value: Value) => Value {
  if (positions !== undefined) {
    const at = { positions, vector };
    return (value) => (isAdding(edit) ? addAt(value, at) : replaceAt(value, at));
  }
  return (value) => (isAdding(edit) ? value.add(vector) : vector.broadcastTo(value.shape));
}
