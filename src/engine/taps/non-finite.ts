/** Finds where a NaN or an infinity came from. */
import type { Tensor } from "#base";
import { leavesOf, type TensorsOf, type ValuesOf } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";
import { isFiniteNumber } from "../operators/compare.ts";
import { type CompileOptions, compile } from "../runtime/session.ts";
import { withTaps } from "./taps.ts";

/** The first place where a number was not finite. */
export interface NonFinitePlace {
  readonly kind: "input" | "tap" | "output";
  /** Path of the input or output ("weights.blocks.0.up"), or name of the tap. */
  readonly name: string;
}

/** What is looked into, and with which tensors. */
export interface HuntOptions<Signature> extends Pick<CompileOptions, "threads" | "provider"> {
  readonly signature: Signature;
  readonly inputs: TensorsOf<Signature>;
}

/**
 * Runs a model once and says where a NaN or infinity came up first: in an input, in one of its taps in the order in
 * which they are computed, or in an output; undefined when everything is finite.
 *
 * @throws AssayError as compile() and run()
 */
export async function firstNonFinite<Signature>(
  build: (inputs: ValuesOf<Signature>) => unknown,
  { signature, inputs, ...options }: HuntOptions<Signature>,
): Promise<NonFinitePlace | undefined> {
  for (const [name, tensor] of leavesOf<Tensor>(inputs)) if (!isAllFinite(tensor)) return { kind: "input", name };
  const program = await compile((values) => flagsOf(() => build(values)), signature, options);
  const { taps, outputs } = (await program.run(inputs as never)) as Flags<Tensor>;
  const tap = firstFalse(taps);
  if (tap !== undefined) return { kind: "tap", name: tap };
  const output = firstFalse(outputs);
  return output === undefined ? undefined : { kind: "output", name: output };
}

interface Flags<Leaf> {
  readonly taps: Readonly<Record<string, Leaf>>;
  readonly outputs: Readonly<Record<string, Leaf>>;
}

/** For every tap and output whether all of it is finite. */
function flagsOf(build: () => unknown): Flags<Value> {
  const { result, taps } = withTaps({ read: "all" }, build);
  const outputs = [...leavesOf<Value>(result)].map(([path, value]) => [path === "" ? "result" : path, value] as const);
  return { taps: flagged(Object.entries(taps)), outputs: flagged(outputs) };
}

const flagged = (named: readonly (readonly [string, Value])[]): Record<string, Value> =>
  Object.fromEntries(
    named
      .filter(([, { dtype }]) => dtype.startsWith("float"))
      .map(([name, value]) => [name, isFiniteNumber(value).cast("float32").min()]),
  );

function firstFalse(flags: Readonly<Record<string, Tensor>>): string | undefined {
  return Object.entries(flags).find(([, { data }]) => data[0] === 0)?.[0];
}

/** Whether a tensor holds ordinary numbers alone. */
export function isAllFinite({ dtype, data }: Tensor): boolean {
  if (!dtype.startsWith("float")) return true;
  const values = data as Float32Array;
  // A sum of finite numbers can overflow, but x − x is 0 for every finite x, and adding zeros cannot.
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]! - values[at]!;
  return sum === 0;
}
