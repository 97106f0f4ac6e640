/** What an optimiser knows: its state, the numbers of each step, its formula. How the trees are walked stands elsewhere. */
import type { Value } from "../graph/value.ts";

/** What one step is told, in double precision. */
export interface StepNumbers {
  /** 1 for the first step. */
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** What the gradients are multiplied with first: clipping, or the mean over accumulated batches. */
  readonly gradientScale: number;
}

/** One piece of the trees at one step; all of a shape, except the numbers, which are scalars. */
export interface RuleInputs<Slot extends string, Scalar extends string> {
  readonly weight: Value;
  readonly gradient: Value;
  readonly slots: Readonly<Record<Slot, Value>>;
  readonly numbers: Readonly<Record<Scalar, Value>>;
}

/** What becomes of it. */
export interface RuleOutputs<Slot extends string> {
  readonly weight: Value;
  readonly slots: Readonly<Record<Slot, Value>>;
}

/** A whole tensor, flat, to be changed in place. */
export interface FlatPiece<Slot extends string = string> {
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  readonly slots: Readonly<Record<Slot, Float32Array>>;
}

/** An optimiser as knowledge: `compileOptimizer` makes a program of it. */
export interface OptimizerRule<Slot extends string = string, Scalar extends string = string> {
  readonly name: string;
  /** The settings that decide its numbers, for fingerprints. */
  readonly settings: Readonly<Record<string, number | boolean>>;
  /** Decay where no parameter group says otherwise. */
  readonly weightDecay: number;
  /** What is kept for each weight between steps, zero at first. */
  readonly slots: readonly Slot[];
  readonly scalars: readonly Scalar[];
  /** Computed once a step in double precision, then rounded to float32. */
  numbers(step: StepNumbers): Readonly<Record<Scalar, number>>;
  /**
   * The formula, elementwise. Old weights and slots are overwritten in place, so whatever reads one must lead to its
   * successor: a reader that comes later would see the new value.
   */
  update(inputs: RuleInputs<Slot, Scalar>): RuleOutputs<Slot>;
  /** The same formula in one pass, where a chain of operators would be too slow. */
  readonly kernel?: (piece: FlatPiece<Slot>, numbers: Readonly<Record<Scalar, number>>) => void;
}
