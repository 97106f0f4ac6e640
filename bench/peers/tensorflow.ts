/** tfjs in Wasm: forward passes alone, its Wasm backend lacks most gradients. */
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** Starts the backend. @returns tfjs itself */
export async function startTensorflow(): Promise<typeof tf> {
  setWasmPaths(
    `${dirname(fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm")))}/`,
  );
  setThreadsCount(availableParallelism());
  await tf.setBackend("wasm");
  await tf.ready();
  return tf;
}

/** Work that makes a tensor, waits for it and frees it. */
export const forced = (compute: () => tf.Tensor) => async (): Promise<void> => {
  const result = compute();
  await result.data();
  result.dispose();
};
