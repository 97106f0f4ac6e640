import { AssayError } from "#base";

let path: readonly string[] = [];

/** The path of scopes around the code that is tracing now: "blocks.3.mlp", or "" at the top. */
export const currentScope = (): string => path.join(".");

/** `name` under the current scope. */
export const scoped = (name: string): string => [...path, name].join(".");

/**
 * Runs `build` with `name` before every tap inside: `scope("blocks.3", …)` turns `tap("mlp.output", x)` into "blocks.3.mlp.output".
 *
 * @throws AssayError ASYNC_TRACE when `build` is asynchronous: tracing is synchronous
 */
export function scope<T>(name: string, build: () => T): T {
  return at([...path, name], name, build);
}

/** Runs `build` as if it stood in the scope with this path, wherever the code around it stands. */
export const within = <T>(place: string, build: () => T): T => at(place === "" ? [] : [place], place, build);

function at<T>(place: readonly string[], name: string, build: () => T): T {
  const outer = path;
  path = place;
  try {
    const built = build();
    if (built instanceof Promise) {
      throw new AssayError("ASYNC_TRACE", `scope: Expected a synchronous function for "${name}", got a promise`);
    }
    return built;
  } finally {
    path = outer;
  }
}
