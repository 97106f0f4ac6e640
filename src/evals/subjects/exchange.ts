/** One request and what came back of it, as bytes on the wire say; filled by its own `fetch`. */
export class Exchange {
  url = "";
  status: number | undefined;
  headers: readonly (readonly [string, string])[] = [];
  /** The response's body; undefined when it did not arrive in full. */
  body: string | undefined;
  /** Why nothing, or not everything, arrived. */
  networkError: unknown;
  latencyMs = 0;
  readonly #mend: ((body: string) => string) | undefined;

  /** @param mend changes the request's body where the SDK has no option for it */
  constructor(mend?: (body: string) => string) {
    this.#mend = mend;
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    this.url = String(input instanceof Request ? input.url : input);
    const start = performance.now();
    try {
      const response = await fetch(input, this.#mended(init));
      this.status = response.status;
      this.headers = [...response.headers];
      this.body = await response.text();
      return this.#copy(response);
    } catch (error) {
      this.networkError = error;
      throw error;
    } finally {
      this.latencyMs = performance.now() - start;
    }
  };

  #mended(init: RequestInit | undefined): RequestInit | undefined {
    if (this.#mend === undefined || typeof init?.body !== "string") return init;
    return { ...init, body: this.#mend(init.body) };
  }

  #copy({ status, statusText, headers }: Response): Response {
    const plain = new Headers(headers);
    for (const name of ["content-encoding", "content-length", "transfer-encoding"]) plain.delete(name);
    const empty = [101, 204, 205, 304].includes(status);
    return new Response(empty ? null : this.body!, { status, statusText, headers: plain });
  }
}
