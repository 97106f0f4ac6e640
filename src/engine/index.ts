export { cholesky, type RidgeOptions } from "./algebra/cholesky.ts";
export { type Matrix, toFloat64 } from "./algebra/matrix.ts";
export { type ProductOptions, product } from "./algebra/product.ts";
export { leastSquares, type Solved, solvePositiveDefinite } from "./algebra/solve.ts";
export {
  type EigenDecomposition,
  eigenSymmetric,
  type SingularDecomposition,
  singularDecomposition,
} from "./algebra/spectral.ts";
export { solveTriangular, type TriangularOptions } from "./algebra/triangular.ts";
export { vjp } from "./gradient/backward.ts";
export { grad, type LossResult, valueAndGrad } from "./gradient/grad.ts";
export { type Dim, type Shape, showShape } from "./graph/dims.ts";
export type { TensorType } from "./graph/operator.ts";
export { scope } from "./graph/scope.ts";
export { leavesOf, mapTree, type TensorsOf, type Tree, tensorType, typesOf, type ValuesOf } from "./graph/tree.ts";
export { type Operand, Value } from "./graph/value.ts";
export { accumulate, zerosLike } from "./optimizers/accumulate.ts";
export { type AdamWOptions, adamW } from "./optimizers/adamw.ts";
export { clipScale, globalNorm } from "./optimizers/clip.ts";
export type { ParameterGroup } from "./optimizers/groups.ts";
export { columnMask, type Mask, rowMask } from "./optimizers/masks.ts";
export {
  compileOptimizer,
  type Optimizer,
  type OptimizerOptions,
  type OptimizerState,
  type StepOptions,
  type StepTrees,
} from "./optimizers/optimizer.ts";
export type { OptimizerRule, RuleInputs, RuleOutputs, StepNumbers } from "./optimizers/rule.ts";
export {
  constantRate,
  cosineRate,
  linearRate,
  type Phase,
  type RampOptions,
  type Schedule,
  sequenceRate,
  warmUp,
} from "./optimizers/schedules.ts";
export { type SgdOptions, sgd } from "./optimizers/sgd.ts";
export { type ExecutionProvider, listProviders } from "./runtime/node.ts";
export {
  type CompileOptions,
  compile,
  type Program,
  type ProgramIdentity,
  type RunOptions,
} from "./runtime/session.ts";
export { type EngineReport, measureEngine } from "./runtime/speed.ts";
export { listTaps } from "./taps/list.ts";
export { firstNonFinite, type HuntOptions, isAllFinite, type NonFinitePlace } from "./taps/non-finite.ts";
export { type AtPositions, addAt, replaceAt } from "./taps/positions.ts";
export { type TapPlan, type Tapped, tap, withTaps } from "./taps/taps.ts";
