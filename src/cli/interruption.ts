import { exitCodes } from "./exit.ts";

/** Ctrl-C, once and twice. */
export interface Interruption extends Disposable {
  /** Fires at the first Ctrl-C: finish what is in flight, start nothing. */
  readonly signal: AbortSignal;
}

/**
 * Listens for SIGINT and SIGTERM: the first drains, the second leaves at once. What is committed is safe either way.
 */
export function listenForInterruption({ tell }: { tell: (text: string) => void }): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    tell("Stopping: finishing what is in flight (again to leave at once)");
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
