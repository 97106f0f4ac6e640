import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A small hub on this machine, with the faults of a large one. */
export interface HubDouble {
  readonly endpoint: string;
  readonly name: string;
  /** What was asked for: method, path, range, and whether a token came along. */
  readonly requests: {
    readonly path: string;
    readonly range: string | undefined;
    readonly token: string | undefined;
  }[];
  commit: string;
  /** Files by path; those above 1000 bytes are large ones, on a host of their own. */
  files: Record<string, Buffer>;
  /** Closes the connection after this many bytes, so often. */
  cuts: { after: number; times: number };
  /** Serves other bytes than it announced. */
  corrupt: string | undefined;
  /** Refuses everything to those without this token. */
  gate: { token: string; code: string } | undefined;
  ignoresRanges: boolean;
  /** Answers so many requests for files with 503 first. */
  failures: number;
  /** Answers everything with a page, as a wall before the network does. */
  page: boolean;
}

const large = 1000;
const git = (bytes: Buffer): string => createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Starts a hub with one repository, `org/tiny` or another, whose branch is `main`. */
export async function hubDouble(files: Record<string, Buffer>, name = "org/tiny"): Promise<HubDouble> {
  const state: Omit<HubDouble, "endpoint"> = {
    name,
    requests: [],
    commit: "0123456789abcdef0123456789abcdef01234567",
    files,
    cuts: { after: 0, times: 0 },
    corrupt: undefined,
    gate: undefined,
    ignoresRanges: false,
    failures: 0,
    page: false,
  };
  const cdn = await started((request, response) => serveBytes(state, request, response));
  const hub = await started((request, response) => answer(Object.assign(double, { cdn }), request, response));
  const double = Object.assign(state, { endpoint: hub });
  return double;
}

async function started(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function recorded(state: Pick<HubDouble, "requests">, request: IncomingMessage): URL {
  const url = new URL(request.url!, "http://x");
  state.requests.push({ path: url.pathname, range: request.headers.range, token: request.headers.authorization });
  return url;
}

function answer(hub: HubDouble & { cdn: string }, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = recorded(hub, request);
  const refuse = (status: number, code: string) => response.writeHead(status, { "x-error-code": code }).end("{}");
  if (hub.page) return void response.end("<html>Please log in</html>");
  if (pathname.includes("/resolve/") && hub.failures-- > 0) return void refuse(503, "");
  if (hub.gate && request.headers.authorization !== `Bearer ${hub.gate.token}`) return void refuse(401, hub.gate.code);
  const after = (pattern: string) => new RegExp(pattern.replace("NAME", hub.name)).exec(pathname)?.[1];
  const info = after("^/api/(?:models|datasets)/NAME/revision/(.+)$");
  const tree = after("^/api/(?:models|datasets)/NAME/tree/(.+)$");
  const path = after("^(?:/datasets)?/NAME/resolve/[0-9a-f]{40}/(.+)$");
  if (info && info !== "main" && info !== hub.commit) return void refuse(404, "RevisionNotFound");
  if (info)
    return void response.end(JSON.stringify({ _id: "1", id: "org/tiny", sha: hub.commit, lastModified: "2026-01-01" }));
  if (tree) return void listing(hub, searchParams.get("cursor") ?? "0", response);
  if (!path) return void refuse(404, "RepoNotFound");
  const bytes = hub.files[decodeURIComponent(path)];
  if (bytes === undefined) return void refuse(404, "EntryNotFound");
  if (bytes.length > large) return void response.writeHead(302, { location: `${hub.cdn}/${path}` }).end();
  serveBytes(hub, request, response, bytes);
}

/** Three files a page, as the real one pages its listings. */
function listing(hub: HubDouble, cursor: string, response: ServerResponse): void {
  const entries = Object.entries(hub.files).map(([path, bytes]) => {
    const lfs = { oid: sha256(bytes), size: bytes.length, pointerSize: 130 };
    return { type: "file", path, size: bytes.length, oid: git(bytes), ...(bytes.length > large ? { lfs } : {}) };
  });
  const start = Number(cursor);
  const next = `${hub.endpoint}/api/models/org/tiny/tree/${hub.commit}?recursive=true&expand=false&cursor=${start + 3}`;
  if (start + 3 < entries.length) response.setHeader("link", `<${next}>; rel="next"`);
  response.end(
    JSON.stringify([{ type: "directory", path: "folder", size: 0, oid: "0" }, ...entries.slice(start, start + 3)]),
  );
}

function serveBytes(
  hub: Omit<HubDouble, "endpoint">,
  request: IncomingMessage,
  response: ServerResponse,
  known?: Buffer,
): void {
  const path = known ? undefined : decodeURIComponent(recorded(hub, request).pathname.slice(1));
  const whole = known ?? hub.files[path!]!;
  const bytes = hub.corrupt !== undefined && whole === hub.files[hub.corrupt] ? Buffer.alloc(whole.length, 7) : whole;
  const from = hub.ignoresRanges ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
  const part = bytes.subarray(Number(from ?? 0));
  const range = { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(from ? 206 : 200, { "content-length": part.length, ...(from ? range : {}) });
  if (hub.cuts.times === 0 || part.length <= hub.cuts.after) return void response.end(part);
  hub.cuts.times--;
  response.write(part.subarray(0, hub.cuts.after), () => setTimeout(() => response.destroy(), 20));
}
