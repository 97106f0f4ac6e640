import { type TensorType, tensorType, type Value } from "#engine";

/** A call that tracing refuses. */
export interface Mistake {
  readonly says: string;
  readonly code: string;
  readonly message: RegExp;
  readonly types: Record<string, TensorType>;
  readonly build: (x: Record<string, Value>) => Value;
}

/** The type of a float32 input. */
export const f = (...shape: (number | string)[]): TensorType => tensorType("float32", shape);
