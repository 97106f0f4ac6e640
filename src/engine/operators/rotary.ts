/** Rotation of queries and keys by their positions. */
import { multiplyDims, showShape, sizeOfShape } from "../graph/dims.ts";
import { apply, defineOperators, operator, traceError } from "../graph/operator.ts";
import { expectDtype, expectSameDtype, float32Only } from "../graph/shapes.ts";
import type { Call, Emitter, Value } from "../graph/value.ts";
import { range } from "./leaves.ts";
import { reshape } from "./movement.ts";
import { concat, slice } from "./parts.ts";

/** Which two numbers turn together: neighbours, or one of each half. */
export interface RotaryAttributes {
  readonly interleaved: boolean;
}

/** The table of this family. */
export const rotary = defineOperators({
  /** Inputs x [B, H, T, D], cosines and sines [rows, D/2], and the row of each place, int64 [1] for 0, 1, … or [B, T]. */
  RotaryEmbedding: operator<RotaryAttributes>({
    infer([x, cos, sin]) {
      expectDtype("rotaryEmbedding", x!, float32Only);
      expectSameDtype("rotaryEmbedding", x!, cos!);
      expectSameDtype("rotaryEmbedding", x!, sin!);
      return x!;
    },
    emit: emitRotary,
  }),
});

function emitRotary({ inputs, attributes }: Call<RotaryAttributes>, emitter: Emitter): readonly string[] {
  const [x, cos, sin, rows] = inputs as [string, string, string, string];
  const interleaved = Number(attributes.interleaved);
  return emitter.onnx("RotaryEmbedding", [x, rows, cos, sin], {
    domain: "com.microsoft",
    attributes: { interleaved },
  });
}

/** Cosines and sines of the angles, [T, R/2], or [B, T, R/2] where every example has positions of its own. */
export interface RotaryAngles {
  readonly cos: Value;
  readonly sin: Value;
  /** Whether neighbours turn together (GPT-J, Llama's own code) rather than halves (GPT-NeoX, Hugging Face). */
  readonly interleaved?: boolean;
}

/**
 * Rotary position embedding: each pair of numbers turns by the angle of its position; numbers past R stay.
 *
 *     (a, b) → (a cos − b sin, b cos + a sin)
 *
 * Shapes   x [*batch, T, D], or [B, H, T, D] with angles [B, T, R/2] → as x; R ≤ D
 * Source   Su et al. 2021, RoFormer (arXiv:2104.09864), eq. 34
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_UNSUPPORTED
 */
export function rotaryEmbedding(x: Value, angles: RotaryAngles): Value {
  expectAngles(x, angles);
  const turning = 2 * Number(angles.cos.shape.at(-1));
  if (x.shape.at(-1) === turning) return rotate(x, angles);
  const still = slice(x, { axis: -1, start: turning });
  return concat([rotate(slice(x, { axis: -1, end: turning }), angles), still], -1);
}

function rotate(x: Value, { cos, sin, interleaved = false }: RotaryAngles): Value {
  const [length, size] = [x.shape.at(-2)!, x.shape.at(-1)!];
  if (cos.rank === 2) {
    const heads = reshape(x, [sizeOfShape(x.shape.slice(0, -2)), 1, length, size]);
    return reshape(apply(rotary.RotaryEmbedding, [heads, cos, sin, range(1)], { interleaved }), x.shape);
  }
  const [batch, half] = [cos.shape[0]!, cos.shape[2]!];
  const rows = multiplyDims(batch, length);
  const table = (angles: Value) => reshape(angles, [rows, half]);
  const at = reshape(range(rows), [batch, length]);
  return apply(rotary.RotaryEmbedding, [x, table(cos), table(sin), at], { interleaved });
}

function expectAngles(x: Value, { cos, sin }: RotaryAngles): void {
  const [length, half] = [cos.shape.at(-2), cos.shape.at(-1)];
  const perExample = cos.rank === 3 && x.rank === 4 && cos.shape[0] === x.shape[0];
  const fits = x.rank >= 2 && (cos.rank === 2 || perExample) && length === x.shape.at(-2);
  const inside = typeof half === "number" && Number(x.shape.at(-1)) >= 2 * half;
  if (fits && inside && showShape(cos.shape) === showShape(sin.shape)) return;
  const got = [x, cos, sin].map(({ shape }) => showShape(shape)).join(", ");
  const expected = "Expected x [*batch, T, D] and angles [T, R/2], or [B, H, T, D] and [B, T, R/2], R ≤ D";
  throw traceError("SHAPE_MISMATCH", `rotaryEmbedding: ${expected}, got ${got}`);
}
