/** The only writer of ONNX bytes. Field numbers are those of onnx.proto3. */
import { AssayError, type DType, type Tensor } from "#base";
import { type Shape, showShape } from "./dims.ts";
import { MessageWriter } from "./protobuf.ts";

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number } | Tensor;

/** One call of an ONNX operator. */
export interface OnnxNode {
  readonly operator: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A plain number is an integer; floats say so. */
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A named edge of the graph with its type. */
export interface OnnxPort {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

const elementTypes: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

/** The number by which ONNX calls a dtype, as in the attribute `to` of Cast. */
export const onnxTypeOf = (dtype: DType): number => elementTypes[dtype];

const opset = 21;
const irVersion = 10;

/** A file beside the model for what is large. */
export interface ExternalData {
  /** Its name, as the model says where it is. */
  readonly file: string;
  /** Takes the next bytes; returns where they begin in the file. */
  append(bytes: Uint8Array): number;
}

/** Tensors below this stay in the model. */
const externalFrom = 1024;

/** @throws AssayError GRAPH_TOO_LARGE when frozen weights pass the 2 GiB that one protobuf message may hold */
export function encodeModel(model: OnnxModel, external?: ExternalData): Uint8Array<ArrayBuffer> {
  const writer = new MessageWriter();
  writer.integer(1, irVersion).text(2, "assay");
  writer.message(7, (graph) => writeGraph(graph, model, external));
  for (const [domain, version] of [
    ["", opset],
    ["com.microsoft", 1],
  ] as const) {
    writer.message(8, (entry) => entry.text(1, domain).integer(2, version));
  }
  if (writer.length < 2 ** 31) return writer.finish();
  const size = `${(writer.length / 2 ** 30).toFixed(1)} GiB`;
  throw new AssayError(
    "GRAPH_TOO_LARGE",
    `compile: Expected frozen weights below 2 GiB, got ${size}; freeze fewer trees`,
  );
}

function writeGraph(graph: MessageWriter, model: OnnxModel, external: ExternalData | undefined): void {
  for (const node of model.nodes) graph.message(1, (writer) => writeNode(writer, node));
  graph.text(2, "assay");
  for (const [name, tensor] of model.initializers) {
    const place = tensor.data.byteLength < externalFrom ? undefined : external;
    graph.message(5, (writer) => writeTensor(writer, tensor, { name, external: place }));
  }
  for (const port of model.inputs) graph.message(11, (writer) => writePort(writer, port));
  for (const port of model.outputs) graph.message(12, (writer) => writePort(writer, port));
}

function writeNode(writer: MessageWriter, node: OnnxNode): void {
  for (const name of node.inputs) writer.text(1, name);
  for (const name of node.outputs) writer.text(2, name);
  writer.text(3, node.name).text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, (attribute) => writeAttribute(attribute.text(1, name), value));
  }
  if (node.domain !== "") writer.text(7, node.domain);
}

const attributeTypes = { float: 1, integer: 2, text: 3, tensor: 4, integers: 7 };

function writeAttribute(writer: MessageWriter, value: OnnxAttribute): void {
  if (typeof value === "number") writer.integer(3, value).integer(20, attributeTypes.integer);
  else if (typeof value === "string") writer.text(4, value).integer(20, attributeTypes.text);
  else if (isIntegers(value)) {
    for (const item of value) writer.integer(8, item);
    writer.integer(20, attributeTypes.integers);
  } else if ("float" in value) writer.float(2, value.float).integer(20, attributeTypes.float);
  else writer.message(5, (tensor) => writeTensor(tensor, value, { name: "" })).integer(20, attributeTypes.tensor);
}

const isIntegers = (value: OnnxAttribute): value is readonly number[] => Array.isArray(value);

interface TensorPlace {
  readonly name: string;
  readonly external?: ExternalData | undefined;
}

function writeTensor(writer: MessageWriter, { dtype, shape, data }: Tensor, { name, external }: TensorPlace): void {
  for (const dim of shape) writer.integer(1, dim);
  writer.integer(2, elementTypes[dtype]).text(8, name);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (external === undefined) {
    writer.bytes(9, bytes);
    return;
  }
  const place = { location: external.file, offset: external.append(bytes), length: bytes.length };
  for (const [key, value] of Object.entries(place)) {
    writer.message(13, (entry) => entry.text(1, key).text(2, String(value)));
  }
  writer.integer(14, 1);
}

function writePort(writer: MessageWriter, { name, dtype, shape }: OnnxPort): void {
  writer.text(1, name).message(2, (type) =>
    type.message(1, (tensorType) => {
      tensorType.integer(1, elementTypes[dtype]).message(2, (writtenShape) => {
        for (const dim of shape) writtenShape.message(1, (axis) => writeDim(axis, dim));
      });
    }),
  );
}

function writeDim(writer: MessageWriter, dim: string | number): void {
  if (typeof dim === "number") writer.integer(1, dim);
  else writer.text(2, dim);
}

/** "v12 float32 [B, 4]", for messages about a model. */
export const showPort = ({ name, dtype, shape }: OnnxPort): string => `${name} ${dtype} ${showShape(shape)}`;
