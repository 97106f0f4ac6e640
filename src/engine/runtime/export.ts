/** Programs as ONNX files for others to run. */
import { lower } from "../graph/lower.ts";
import { type ExternalData, encodeModel, type OnnxModel } from "../graph/onnx.ts";
import type { TensorsOf, ValuesOf } from "../graph/tree.ts";
import { trace } from "./trace.ts";

/** How a program is written. */
export interface ExportOptions<Frozen> {
  /** Branches that become part of the file. */
  readonly freeze?: Frozen;
  /** A file beside the model that takes the large tensors: one message of Protocol Buffers holds no more than 2 GiB. */
  readonly external?: ExternalData;
}

/** A program as bytes, and what others call its inputs and outputs: the paths of the trees. */
export interface ExportedProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Traces `build` once and writes what it returns as an ONNX model, whose inputs and outputs are named by their paths.
 * It uses operators of ONNX Runtime's own domain, `com.microsoft`, beside the standard ones.
 *
 * @throws AssayError of the shape rules while tracing; GRAPH_TOO_LARGE above 2 GiB without an external file
 */
export function exportProgram<Signature, Outputs, Frozen extends Partial<TensorsOf<Signature>> = Record<never, never>>(
  build: (inputs: ValuesOf<Signature>) => Outputs,
  signature: Signature,
  { freeze, external }: ExportOptions<Frozen> = {},
): ExportedProgram {
  const traced = trace(build, signature, freeze);
  const model = withPlainNames(lower(traced.inputs, traced.outputs));
  const bytes = encodeModel(model, external);
  const [inputs, outputs] = [model.inputs.map(({ name }) => name), model.outputs.map(({ name }) => name)];
  return { bytes, inputs, outputs };
}

/** Inner edges are `v12` and `c3`; what is fed and given needs no prefix to be told from them. */
function withPlainNames(model: OnnxModel): OnnxModel {
  const plain = (name: string) => name.replace(/^(in|out)\./, "");
  return {
    nodes: model.nodes.map((node) => ({ ...node, inputs: node.inputs.map(plain), outputs: node.outputs.map(plain) })),
    initializers: model.initializers,
    inputs: model.inputs.map((port) => ({ ...port, name: plain(port.name) })),
    outputs: model.outputs.map((port) => ({ ...port, name: plain(port.name) })),
  };
}
