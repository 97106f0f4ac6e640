/** ONNX Runtime in Node: the only place that knows it. */

import * as ort from "onnxruntime-node";
import { AssayError, type DType, type Tensor } from "#base";

/** Where programs run. Only `cpu` is compiled into every package. */
export type ExecutionProvider = "cpu" | "cuda" | "webgpu" | "coreml" | "directml";

/** How hard ONNX Runtime rewrites a graph before running it. */
export type GraphOptimization = "disabled" | "basic" | "extended" | "layout" | "all";

export interface SessionOptions {
  readonly threads: number;
  readonly provider: ExecutionProvider;
  readonly graphOptimization: GraphOptimization;
  /** Whether idle threads spin. Faster for one program at a time; slower when several have threads of their own. */
  readonly spin: boolean;
  /** Writes a profile of every operator to a file that starts with this path. */
  readonly profilePrefix?: string;
}

/** A loaded program: named tensors in, named tensors out. */
export interface Session {
  /** Tensors in `into` are filled in place. */
  run(feeds: ReadonlyMap<string, Tensor>, into: ReadonlyMap<string, Tensor | null>): Promise<Map<string, Tensor>>;
  /** Ends profiling; the file is complete afterwards. */
  endProfile(): void;
  release(): Promise<void>;
}

const providerNames: Record<ExecutionProvider, string> = {
  cpu: "cpu",
  cuda: "cuda",
  webgpu: "webgpu",
  coreml: "coreml",
  directml: "dml",
};

/** @throws AssayError PROVIDER_UNAVAILABLE, PROVIDER_FAILED, COMPILE_FAILED */
export async function createSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
  expectAvailable(options.provider);
  const native = await ort.InferenceSession.create(model, nativeOptions(options)).catch((cause: unknown) => {
    throw refusal(options.provider, cause);
  });
  return {
    run: (feeds, into) => run(native, feeds, into),
    endProfile: () => native.endProfiling(),
    release: () => native.release(),
  };
}

/** A provider can be built in and still lack its driver or a library: only a session tells. */
function refusal(provider: ExecutionProvider, cause: unknown): AssayError {
  const reason = reasonOf(cause);
  if (provider === "cpu") {
    return new AssayError("COMPILE_FAILED", `compile: ONNX Runtime refused the graph; ${reason}`, { cause });
  }
  const got = `got "${reason}"; provider "cpu" works everywhere`;
  return new AssayError("PROVIDER_FAILED", `compile: Expected provider "${provider}" to take the graph, ${got}`, {
    cause,
  });
}

function nativeOptions(options: SessionOptions): ort.InferenceSession.SessionOptions {
  const { threads, provider, graphOptimization, spin, profilePrefix } = options;
  return {
    executionProviders: provider === "cpu" ? ["cpu"] : [providerNames[provider], "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: graphOptimization,
    // Planned memory comes on top of the arena of the first run: a third more of it, and no faster.
    enableMemPattern: false,
    // Fatal ones alone: every other message is thrown, and would be printed a second time.
    logSeverityLevel: 4,
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    extra: { session: { intra_op: { allow_spinning: spin ? "1" : "0" } } },
  };
}

/** The providers in this installation, by our names. */
export function listProviders(): ExecutionProvider[] {
  const native = new Set(ort.listSupportedBackends().map(({ name }) => name));
  const names = Object.entries(providerNames) as [ExecutionProvider, string][];
  return names.filter(([, name]) => native.has(name)).map(([name]) => name);
}

/** "1.30.0" */
export const runtimeVersion: string = ort.env.versions.node ?? ort.env.versions.common;

function expectAvailable(provider: ExecutionProvider): void {
  const available = listProviders();
  if (available.includes(provider)) return;
  const message = `compile: Expected one of ${available.join(", ")}, got provider "${provider}"`;
  throw new AssayError("PROVIDER_UNAVAILABLE", `${message}, which this installation of ONNX Runtime does not have`);
}

async function run(
  native: ort.InferenceSession,
  feeds: ReadonlyMap<string, Tensor>,
  into: ReadonlyMap<string, Tensor | null>,
): Promise<Map<string, Tensor>> {
  const nativeFeeds: Record<string, ort.Tensor> = {};
  for (const [name, tensor] of feeds) nativeFeeds[name] = nativeTensor(tensor);
  const fetches: Record<string, ort.Tensor | null> = {};
  for (const [name, tensor] of into) fetches[name] = tensor === null ? null : nativeTensor(tensor);
  const results = await native.run(nativeFeeds, fetches).catch((cause: unknown) => {
    throw new AssayError("RUN_FAILED", `run: ONNX Runtime stopped; ${reasonOf(cause)}`, { cause });
  });
  return new Map([...into].map(([name, tensor]) => [name, tensor ?? hostTensor(results[name]!)]));
}

/** One native handle a tensor, kept while the tensor lives: building one costs microseconds, and a model has hundreds. */
const handles = new WeakMap<Tensor, ort.Tensor>();

function nativeTensor(tensor: Tensor): ort.Tensor {
  let handle = handles.get(tensor);
  if (handle === undefined) {
    handle = new ort.Tensor(tensor.dtype, tensor.data as Float32Array, tensor.shape) as ort.Tensor;
    handles.set(tensor, handle);
  }
  return handle;
}

function hostTensor(handle: ort.Tensor): Tensor {
  return { dtype: handle.type as DType, shape: handle.dims, data: handle.data as Float32Array };
}

/** "/onnxruntime_src/…/gather.cc:12 void onnxruntime::core_impl(const Tensor*) [with T = long int] ", or "split.cc:82 Compute " */
const sourcePlace = /^\S+\.(cc|h):\d+ ([^()]*\([^()]*\)( const)?( \[with [^\]]*\])?|\S+) /;

/** The node and the reason in a message of ONNX Runtime, in our form. */
function reasonOf(cause: unknown): string {
  const text = String(cause instanceof Error ? cause.message : cause);
  const node = /Name:'([^']*)'/.exec(text)?.[1];
  const status = text.split("Status Message:").at(-1)!.trim().replace(sourcePlace, "");
  return `${node === undefined ? "" : `at ${node}: `}${status.replace(/\.$/, "")}`;
}
