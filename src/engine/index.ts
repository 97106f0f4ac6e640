/** The tensor engine: trace a function, differentiate it, compile it to an ONNX program, run it on tensors. */
import "./operators/fluent.ts";

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
export { checkpoint } from "./gradient/checkpoint.ts";
export { type CustomBackward, type CustomForward, customVjp } from "./gradient/custom-vjp.ts";
export { type GradientOf, grad, type LossResult, type PathOf, valueAndGrad, type WrtOptions } from "./gradient/grad.ts";
export { type Dim, type Shape, showShape } from "./graph/dims.ts";
export { scope } from "./graph/scope.ts";
export { leavesOf, mapTree, type TensorsOf, type Tree, tensorType, typesOf, type ValuesOf } from "./graph/tree.ts";
export { type Operand, type TensorType, Value } from "./graph/value.ts";
export {
  erf,
  expm1,
  type GeluAttributes,
  gelu,
  log1p,
  logSigmoid,
  relu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from "./operators/activation.ts";
export {
  type AttentionInputs,
  type AttentionOptions,
  attentionWithPattern,
  scaledDotProductAttention,
} from "./operators/attention.ts";
export {
  and,
  equal,
  greater,
  greaterOrEqual,
  isFiniteNumber,
  less,
  lessOrEqual,
  not,
  or,
} from "./operators/compare.ts";
export { einsum } from "./operators/contraction.ts";
export { stopGradient } from "./operators/control.ts";
export {
  type Conv1dOptions,
  type Conv2dOptions,
  type ConvolutionWeights,
  conv1d,
  conv2d,
  type Padding,
} from "./operators/convolution.ts";
export { type DropoutOptions, dropout, dropoutMask } from "./operators/dropout.ts";
export {
  abs,
  add,
  cast,
  clip,
  cos,
  div,
  exp,
  floor,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  rsqrt,
  sign,
  sin,
  sqrt,
  sub,
  where,
} from "./operators/elementwise.ts";
export type { Fluent } from "./operators/fluent.ts";
export {
  embed,
  gather,
  gatherElements,
  oneHot,
  type ScatterOptions,
  scatterAdd,
  type TopKAttributes,
  type TriangleOptions,
  topK,
  triangularMask,
} from "./operators/indexing.ts";
export { axisSize, constant, range } from "./operators/leaves.ts";
export { type AffineWeights, affine, type MatmulOptions, matmul } from "./operators/linear-algebra.ts";
export {
  broadcastTo,
  expandDims,
  full,
  onesLike,
  reshape,
  squeeze,
  swapAxes,
  transpose,
  zerosLike,
} from "./operators/movement.ts";
export {
  type GroupNormOptions,
  groupNorm,
  layerNorm,
  type NormOptions,
  type NormWeights,
  rmsNorm,
} from "./operators/normalization.ts";
export {
  concat,
  type PadOptions,
  pad,
  type SliceOptions,
  type SplitOptions,
  slice,
  split,
  stack,
} from "./operators/parts.ts";
export { averagePool2d, maxPool2d, type PoolingOptions } from "./operators/pooling.ts";
export {
  type ArgOptions,
  argMax,
  argMin,
  type CumulativeSumAttributes,
  cumulativeSum,
  logSumExp,
  max,
  mean,
  min,
  type ReduceOptions,
  sum,
} from "./operators/reduce.ts";
export { type RotaryAngles, rotaryEmbedding } from "./operators/rotary.ts";
export {
  type CrossEntropyOptions,
  crossEntropy,
  logSoftmax,
  type SoftmaxOptions,
  softmax,
} from "./operators/softmax.ts";
export { accumulate, zeroTree } from "./optimizers/accumulate.ts";
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
export { type ExportedProgram, type ExportOptions, exportProgram } from "./runtime/export.ts";
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
