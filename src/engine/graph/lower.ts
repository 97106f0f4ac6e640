/** From values to ONNX: shares equal subexpressions, leaves out what no output needs, names every edge. */
import { AssayError, hashOf, isTensor, sha256, type Tensor, tensor } from "#base";
import { type Dim, type LinearDim, linearDim, symbolsOf, termsOf } from "./dims.ts";
import { nodesOf } from "./graph.ts";
import type { OnnxModel, OnnxNode, OnnxPort } from "./onnx.ts";
import type { Call, EmitOptions, Emitter, Node, Value } from "./value.ts";

/** The ONNX form of a graph. Inputs that nothing needs are not in it. */
export function lower(inputs: ReadonlyMap<string, Value>, outputs: ReadonlyMap<string, Value>): OnnxModel {
  const lowering = new Lowering(inputs);
  const order = shareEqual(nodesOf([...outputs.values()]));
  lowering.readers = readersOf(order.nodes, outputs, order.representative);
  for (const node of order.nodes) lowering.visit(node, order.representative);
  return lowering.finish(outputs, order.representative);
}

type Representative = ReadonlyMap<Node, Node>;

/** Nodes of the same operator, attributes and inputs are one node. */
function shareEqual(order: readonly Node[]): { nodes: Node[]; representative: Representative } {
  const representative = new Map<Node, Node>();
  const known = new Map<string, Node>();
  const numbers = new Map<Node, number>();
  const nodes: Node[] = [];
  for (const node of order) {
    numbers.set(node, numbers.size);
    const sources = node.inputs.map((value) => `${numbers.get(representative.get(value.node)!)}.${value.index}`);
    const key = `${node.operator.name}(${sources.join(",")})${attributesKey(node.attributes)}`;
    const earlier = known.get(key);
    representative.set(node, earlier ?? node);
    if (earlier === undefined) {
      known.set(key, node);
      nodes.push(node);
    }
  }
  return { nodes, representative };
}

/** Functions are equal only to themselves. */
const functionNumbers = new WeakMap<object, number>();
let functions = 0;

function attributesKey(attributes: object): string {
  return JSON.stringify(attributes, (_key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    if (isTensor(value)) return tensorKey(value);
    if (typeof value !== "function") return value;
    if (!functionNumbers.has(value)) functionNumbers.set(value, functions++);
    return `function ${functionNumbers.get(value)}`;
  });
}

/** Bytes: what is larger is compared by identity, since reading all of a model's weights for a checksum takes longer than it saves. */
const largestCompared = 2 ** 20;
const identities = new WeakMap<object, number>();
let identified = 0;

function tensorKey({ dtype, shape, data }: Tensor): string {
  if (data.byteLength > largestCompared) {
    if (!identities.has(data)) identities.set(data, identified++);
    return `${dtype}[${shape}]#${identities.get(data)}`;
  }
  return `${dtype}[${shape}]${sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))}`;
}

/** For each node which of its outputs are read. */
function readersOf(
  nodes: readonly Node[],
  outputs: ReadonlyMap<string, Value>,
  representative: Representative,
): Map<Node, Set<number>> {
  const readers = new Map<Node, Set<number>>();
  const read = ({ node, index }: Value) => {
    const source = representative.get(node)!;
    readers.set(source, (readers.get(source) ?? new Set()).add(index));
  };
  for (const value of outputs.values()) read(value);
  for (const node of nodes) for (const value of node.inputs) read(value);
  return readers;
}

class Lowering implements Emitter {
  readers = new Map<Node, Set<number>>();
  readonly #inputs: ReadonlyMap<string, Value>;
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, Tensor>();
  readonly #constants = new Map<string, string>();
  readonly #vectors = new Map<string, string>();
  readonly #names = new Map<Node, readonly string[]>();
  readonly #usedInputs = new Set<string>();
  #scope = "";

  constructor(inputs: ReadonlyMap<string, Value>) {
    this.#inputs = inputs;
  }

  visit(node: Node, representative: Representative): void {
    this.#scope = node.scope;
    const inputs = node.inputs.map((value) => this.#names.get(representative.get(value.node)!)![value.index]!);
    const used = node.outputs.map((_, index) => this.readers.get(node)!.has(index));
    const call: Call = { inputs, attributes: node.attributes, node, used };
    this.#names.set(node, node.operator.emit(call, this));
    if (node.operator.name === "Input") this.#usedInputs.add((node.attributes as { name: string }).name);
  }

  onnx(
    operator: string,
    inputs: readonly string[],
    { attributes = {}, domain = "", outputs = [true] }: EmitOptions = {},
  ) {
    const number = this.#nodes.length;
    const names = outputs.map((isUsed, index) => (isUsed ? `v${number}${index === 0 ? "" : `_${index}`}` : ""));
    const name = `${this.#scope === "" ? "" : `${this.#scope}/`}${operator}_${number}`;
    this.#nodes.push({ operator, domain, name, inputs, outputs: names, attributes });
    return names;
  }

  constant(content: Tensor): string {
    const key = tensorKey(content);
    const name = this.#constants.get(key) ?? `c${this.#initializers.size}`;
    this.#constants.set(key, name);
    this.#initializers.set(name, content);
    return name;
  }

  dims(dims: readonly Dim[]): string {
    if (dims.every((dim) => typeof dim === "number")) return this.constant(tensor([dims.length], dims, "int64"));
    return this.#vector(dims.join(","), () => {
      const parts = dims.map((dim) => this.#length(dim));
      return parts.length === 1 ? parts[0]! : this.onnx("Concat", parts, { attributes: { axis: 0 } })[0]!;
    });
  }

  /** The name of a one-element vector with a length. */
  #length(dim: Dim): string {
    if (typeof dim === "number") return this.constant(tensor([1], [dim], "int64"));
    return this.#vector(dim, () => {
      const products = termsOf(dim).map((term) => this.#product(term.coefficient, term.symbols));
      return products.reduce((sum, product) => this.onnx("Add", [sum, product])[0]!);
    });
  }

  #product(coefficient: number, symbols: readonly string[]): string {
    const factors = symbols.map((symbol) => this.#symbol(symbol));
    if (coefficient !== 1 || factors.length === 0) factors.push(this.constant(tensor([1], [coefficient], "int64")));
    return factors.reduce((product, factor) => this.onnx("Mul", [product, factor])[0]!);
  }

  /** Read from the first input with an axis that says it: the plain symbol if there is one, or a line such as "2*T+1". */
  #symbol(symbol: string): string {
    return this.#vector(symbol, () => {
      const axes = [...this.#inputs].flatMap(([name, { shape }]) =>
        shape.map((dim, axis) => ({ name, axis, line: linearDim(dim) })).filter(({ line }) => line?.symbol === symbol),
      );
      const found = axes.find(({ line }) => line!.coefficient === 1 && line!.offset === 0) ?? axes[0];
      if (found !== undefined) return this.#solved(found.name, found.axis, found.line!);
      const message = `compile: Expected an input with an axis "${symbol}", got none that says how long it is`;
      throw new AssayError("SYMBOL_UNBOUND", message);
    });
  }

  /** (the length of the axis − offset) / coefficient */
  #solved(name: string, axis: number, { coefficient, offset }: LinearDim): string {
    this.#usedInputs.add(name);
    const number = (content: number) => this.constant(tensor([1], [content], "int64"));
    const [length] = this.onnx("Shape", [`in.${name}`], { attributes: { start: axis, end: axis + 1 } });
    const [rest] = offset === 0 ? [length!] : this.onnx("Sub", [length!, number(offset)]);
    return coefficient === 1 ? rest! : this.onnx("Div", [rest!, number(coefficient)])[0]!;
  }

  #vector(key: string, make: () => string): string {
    const name = this.#vectors.get(key) ?? make();
    this.#vectors.set(key, name);
    return name;
  }

  finish(outputs: ReadonlyMap<string, Value>, representative: Representative): OnnxModel {
    const renamed = new Map<string, string>();
    const ports: OnnxPort[] = [];
    for (const [path, value] of outputs) {
      const name = this.#names.get(representative.get(value.node)!)![value.index]!;
      ports.push({ name: `out.${path}`, dtype: value.dtype, shape: value.shape });
      if (name.startsWith("v") && !renamed.has(name)) renamed.set(name, `out.${path}`);
      else this.#copy(renamed.get(name) ?? name, `out.${path}`);
    }
    const rename = (name: string) => renamed.get(name) ?? name;
    const nodes = this.#nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    }));
    return { nodes, initializers: this.#initializers, inputs: this.#inputPorts(), outputs: ports };
  }

  /** An output that is an input, a constant or another output as well. */
  #copy(from: string, to: string): void {
    const name = `Identity_${this.#nodes.length}`;
    this.#nodes.push({ operator: "Identity", domain: "", name, inputs: [from], outputs: [to], attributes: {} });
  }

  #inputPorts(): OnnxPort[] {
    const used = [...this.#inputs].filter(([name]) => this.#usedInputs.has(name));
    return used.map(([name, { dtype, shape }]) => ({ name: `in.${name}`, dtype, shape: shape.map(portDim) }));
  }
}

/** ONNX Runtime checks a named axis of an input only where it is a plain symbol. */
const portDim = (dim: Dim): Dim => (typeof dim === "string" && symbolsOf(dim)[0] !== dim ? `"${dim}"` : dim);

/** A short name for the structure of a graph: equal models, equal hashes. */
export function hashOfModel(bytes: Uint8Array, options: unknown): string {
  return hashOf({ graph: sha256(bytes), options });
}
