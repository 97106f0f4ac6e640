/** Compiling a function to a program and running it. */
import { availableParallelism } from "node:os";
import { AssayError, sizeOf, suggestion, type Tensor, zeros } from "#base";
import { evaluateDim, sameShape } from "../graph/dims.ts";
import { hashOfModel, lower } from "../graph/lower.ts";
import { encodeModel } from "../graph/onnx.ts";
import { leavesOf, mapTree, showType, type TensorsOf, type ValuesOf } from "../graph/tree.ts";
import type { TensorType } from "../graph/value.ts";
import { bindInputs, type Symbols } from "./binding.ts";
import { createSession, runtimeVersion, type Session, type SessionOptions } from "./node.ts";
import { type Traced, trace } from "./trace.ts";

/** How a program is compiled. */
export interface CompileOptions<Frozen = unknown> extends Partial<SessionOptions> {
  /** Branches that become part of the program, which lets the runtime rearrange them once and for all. */
  readonly freeze?: Frozen;
  /** Whether equal graphs share a session, which then stays until the process ends; default true. */
  readonly shared?: boolean;
}

/** Where the outputs of a run go. */
export interface RunOptions<Outputs = unknown> {
  /**
   * `fresh` (default) gives new tensors each time; `reuse` gives the ones of the last run again, overwritten, where the
   * shapes are the same. It saves no time: ONNX Runtime's binding copies every output into a new buffer whatever it is
   * given, and drops the copy where it was given one.
   */
  readonly outputs?: "fresh" | "reuse";
  /** Tensors to fill in place, in the structure of the outputs; branches may be left out. */
  readonly into?: PartialTree<TensorsOf<Outputs>>;
}

type PartialTree<T> = T extends Tensor ? T : { readonly [Key in keyof T]?: PartialTree<T[Key]> | undefined };

/** What decides a program's numbers to the last bit. */
export interface ProgramIdentity {
  readonly hash: string;
  readonly runtime: string;
  readonly provider: string;
  readonly threads: number;
  readonly graphOptimization: string;
}

/** A compiled function: tensors in, tensors out, as often as wanted. */
export interface Program<Inputs, Outputs> {
  readonly identity: ProgramIdentity;
  /** How many ONNX nodes it has before ONNX Runtime's own rewriting. */
  readonly size: number;
  /**
   * @throws AssayError INPUT_MISSING, INPUT_UNKNOWN, TREE_MISMATCH, DTYPE_MISMATCH, SHAPE_MISMATCH, SYMBOL_CONFLICT,
   *   OUTPUT_UNKNOWN, PROGRAM_RELEASED before anything is computed; RUN_FAILED
   */
  run(inputs: TensorsOf<Inputs>, options?: RunOptions<Outputs>): Promise<TensorsOf<Outputs>>;
  /** Completes the profile that `profilePrefix` asked for. */
  endProfile(): void;
  /** Frees the session of a program that shares none, once its runs are done; it cannot run again. */
  release(): Promise<void>;
}

/**
 * Traces `build` once with symbolic values and compiles what it returns. Equal graphs share one compiled session.
 *
 * @throws AssayError of the shape rules while tracing; COMPILE_FAILED, OPTION_RANGE, PROVIDER_UNAVAILABLE, PROVIDER_FAILED
 * @example const double = await compile(({ x }) => x.mul(2), { x: tensorType("float32", ["N"]) });
 */
export async function compile<Signature, Outputs, Frozen extends Partial<TensorsOf<Signature>> = Record<never, never>>(
  build: (inputs: ValuesOf<Signature>) => Outputs,
  signature: Signature,
  options: CompileOptions<Frozen> = {},
): Promise<Program<Omit<Signature, keyof Frozen>, Outputs>> {
  const traced = trace(build, signature, options.freeze);
  const model = lower(traced.inputs, traced.outputs);
  const bytes = encodeModel(model);
  const sessionOptions = withDefaults(options);
  const hash = hashOfModel(bytes, sessionOptions);
  const { shared = true } = options;
  const session = await (shared ? cachedSession(hash, bytes, sessionOptions) : createSession(bytes, sessionOptions));
  const needed = new Set(model.inputs.map(({ name }) => name));
  const size = model.nodes.length;
  return new CompiledProgram({ ...traced, session, shared, needed, hash, size, options: sessionOptions });
}

function withDefaults(options: CompileOptions): SessionOptions {
  const { threads = availableParallelism(), provider = "cpu", graphOptimization = "all", spin = true } = options;
  const { profilePrefix } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new AssayError("OPTION_RANGE", `compile: Expected a whole number of threads above zero, got ${threads}`);
  }
  return { threads, provider, graphOptimization, spin, ...(profilePrefix === undefined ? {} : { profilePrefix }) };
}

/** ONNX Runtime leaks at every session that it closes, so sessions are kept and shared. */
const sessions = new Map<string, Promise<Session>>();

function cachedSession(hash: string, bytes: Uint8Array, options: SessionOptions): Promise<Session> {
  const known = sessions.get(hash);
  if (known !== undefined) return known;
  const created = createSession(bytes, options);
  sessions.set(hash, created);
  created.catch(() => sessions.delete(hash));
  return created;
}

interface ProgramParts<Outputs> extends Traced<Outputs> {
  readonly session: Session;
  readonly shared: boolean;
  /** ONNX names of the inputs that the graph reads. */
  readonly needed: ReadonlySet<string>;
  readonly hash: string;
  readonly size: number;
  readonly options: SessionOptions;
}

class CompiledProgram<Inputs, Outputs> implements Program<Inputs, Outputs> {
  readonly identity: ProgramIdentity;
  readonly size: number;
  readonly #parts: ProgramParts<Outputs>;
  /** By path, in the latest shape alone: a loop over texts of all lengths would gather one set for each. */
  readonly #reused = new Map<string, Tensor>();
  /** The end of the runs so far, which a release waits for. */
  #runsEnd: Promise<void> = Promise.resolve();
  #isReleased = false;

  constructor(parts: ProgramParts<Outputs>) {
    const { threads, provider, graphOptimization } = parts.options;
    this.identity = { hash: parts.hash, runtime: runtimeVersion, provider, threads, graphOptimization };
    this.size = parts.size;
    this.#parts = parts;
  }

  async run(inputs: TensorsOf<Inputs>, { outputs = "fresh", into }: RunOptions<Outputs> = {}) {
    const { session, needed, result } = this.#parts;
    if (this.#isReleased)
      throw new AssayError("PROGRAM_RELEASED", "run: Expected a program, got one that was released");
    const { tensors, symbols } = bindInputs(this.#parts.inputs, inputs);
    const feeds = new Map<string, Tensor>();
    for (const [path, tensor] of tensors) if (needed.has(`in.${path}`)) feeds.set(`in.${path}`, tensor);
    const targets = this.#targets(outputs, symbols, leavesOf<Tensor>(into ?? {}));
    const running = session.run(feeds, targets);
    this.#runsEnd = bothSettled(this.#runsEnd, running);
    const results = await running;
    return mapTree(result, (_, path) => results.get(`out.${path}`)) as TensorsOf<Outputs>;
  }

  endProfile(): void {
    this.#parts.session.endProfile();
  }

  async release(): Promise<void> {
    if (this.#parts.shared || this.#isReleased) return;
    this.#isReleased = true;
    await this.#runsEnd;
    await this.#parts.session.release();
  }

  /** For each output the tensor to fill, or null for a new one. */
  #targets(mode: "fresh" | "reuse", symbols: Symbols, into: ReadonlyMap<string, Tensor>): Map<string, Tensor | null> {
    const targets = new Map<string, Tensor | null>();
    for (const path of into.keys()) if (!this.#parts.outputs.has(path)) throw unknownTarget(path, this.#parts.outputs);
    for (const [path, type] of this.#parts.outputs) {
      const given = into.get(path);
      if (given !== undefined) expectTarget(path, type, { given, symbols });
      targets.set(`out.${path}`, given ?? (mode === "reuse" ? this.#reusable(path, type, symbols) : null));
    }
    return targets;
  }

  #reusable(path: string, type: TensorType, symbols: Symbols): Tensor {
    const shape = type.shape.map((dim) => evaluateDim(dim, symbols));
    const known = this.#reused.get(path);
    if (known !== undefined && sameShape(known.shape, shape)) return known;
    const made = zeros(shape, type.dtype);
    this.#reused.set(path, made);
    return made;
  }
}

/** Gives nothing, so that no result lives on in the program: what allSettled() itself gives holds every one of them. */
async function bothSettled(earlier: Promise<void>, running: Promise<unknown>): Promise<void> {
  await Promise.allSettled([earlier, running]);
}

function unknownTarget(path: string, outputs: ReadonlyMap<string, TensorType>): AssayError {
  const hint = suggestion(path, [...outputs.keys()]);
  return new AssayError("OUTPUT_UNKNOWN", `run: Expected an output to write into, got "${path}"${hint}`);
}

function expectTarget(path: string, type: TensorType, { given, symbols }: { given: Tensor; symbols: Symbols }): void {
  const shape = type.shape.map((dim) => evaluateDim(dim, symbols));
  if (given.dtype === type.dtype && given.data.length === sizeOf(shape) && sameShape(given.shape, shape)) return;
  const expected = showType({ dtype: type.dtype, shape });
  const message = `run: Expected a ${expected} tensor to write "${path}" into, got ${showType(given)}`;
  throw new AssayError("SHAPE_MISMATCH", message);
}
