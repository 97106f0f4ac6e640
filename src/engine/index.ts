export { vjp } from "./gradient/backward.ts";
export { grad, type LossResult, valueAndGrad } from "./gradient/grad.ts";
export { type Dim, type Shape, showShape } from "./graph/dims.ts";
export type { TensorType } from "./graph/operator.ts";
export { scope } from "./graph/scope.ts";
export { leavesOf, mapTree, type TensorsOf, type Tree, tensorType, typesOf, type ValuesOf } from "./graph/tree.ts";
export { type Operand, Value } from "./graph/value.ts";
export { type ExecutionProvider, listProviders } from "./runtime/node.ts";
export {
  type CompileOptions,
  compile,
  type Program,
  type ProgramIdentity,
  type RunOptions,
} from "./runtime/session.ts";
