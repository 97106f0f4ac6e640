import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { AssayError } from "#base";
import { fetchDataSet, fetchModel, type HubEvent, loadTokenizer, openCheckpoint } from "#formats";
import { type HubDouble, hubDouble } from "./hub-server.ts";
import { scratchFolder } from "./scratch-folder.ts";

const weights = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 251));
const files = () => ({
  "config.json": Buffer.from('{"model_type":"x"}'),
  "tokenizer.json": Buffer.from("{}"),
  "README.md": Buffer.from("# tiny"),
  "model.safetensors": weights,
  "pytorch_model.bin": Buffer.alloc(5000, 1),
  "onnx/model.onnx": Buffer.alloc(10),
});
const needed = ["config.json", "tokenizer.json", "model.safetensors"];
const secret = "hf_secretsecret";

async function start(made: Record<string, Buffer> = files()) {
  const hub = await hubDouble(made);
  const home = scratchFolder();
  const environment = { HF_ENDPOINT: hub.endpoint, HF_HOME: home };
  return { hub, home, environment, repository: join(home, "hub", "models--org--tiny") };
}

const resolved = (hub: HubDouble): string[] =>
  hub.requests.map(({ path }) => path).filter((path) => !path.startsWith("/api"));

async function failure(promise: Promise<unknown>): Promise<AssayError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(AssayError);
  expect(
    JSON.stringify([error, (error as Error).message, (error as Error).stack, String((error as Error).cause)]),
  ).not.toContain(secret);
  return error as AssayError;
}

test("fetchModel() lays a model out in the shared cache, only what it needs, and records the commit", async () => {
  const { hub, environment, repository } = await start();

  const model = await fetchModel("hf:org/tiny", { environment });

  expect(model).toEqual({
    name: "org/tiny",
    revision: "main",
    commit: hub.commit,
    folder: join(repository, "snapshots", hub.commit),
    files: needed,
  });
  expect(readdirSync(model.folder).sort()).toEqual([...needed].sort());
  expect(readFileSync(join(model.folder, "model.safetensors")).equals(weights)).toBe(true);
  expect(lstatSync(join(model.folder, "config.json")).isSymbolicLink()).toBe(true);
  expect(readlinkSync(join(model.folder, "config.json"))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
  expect(readlinkSync(join(model.folder, "model.safetensors"))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
  expect(readFileSync(join(repository, "refs/main"), "utf8")).toBe(hub.commit);
});

test("fetchDataSet() lays chosen files of a data set out in a folder of its own kind", async () => {
  const rows = {
    "data/test.parquet": Buffer.from("rows"),
    "repos/one.zip": Buffer.alloc(20),
    "README.md": Buffer.from("#"),
  };
  const { hub, environment, home } = await start(rows);
  const isRows = (path: string) => path.endsWith(".parquet");

  const found = await fetchDataSet("hf:org/tiny", { environment, files: isRows });

  expect(found.files).toEqual(["data/test.parquet"]);
  expect(found.folder).toBe(join(home, "hub", "datasets--org--tiny", "snapshots", hub.commit));
  expect(readFileSync(join(found.folder, "data/test.parquet"), "utf8")).toBe("rows");
  expect(resolved(hub)).toEqual([`/datasets/org/tiny/resolve/${hub.commit}/data/test.parquet`]);
});

test("fetchModel() fetches nothing twice, by commit neither", async () => {
  const { hub, environment } = await start();
  await fetchModel("hf:org/tiny", { environment });
  const before = resolved(hub).length;
  const events: HubEvent[] = [];

  const again = await fetchModel(`hf:org/tiny@${hub.commit}`, { environment, onEvent: (event) => events.push(event) });

  expect(resolved(hub).length).toBe(before);
  expect(again.files).toEqual(needed);
  expect(events.every((event) => event.type === "file-end" && event.cached)).toBe(true);
});

test("fetchModel() goes on after every interruption where it stopped", async () => {
  const { hub, environment } = await start();
  hub.cuts = { after: 90_000, times: 3 };
  const events: HubEvent[] = [];

  const { folder } = await fetchModel("hf:org/tiny", { environment, onEvent: (event) => events.push(event) });

  expect(readFileSync(join(folder, "model.safetensors")).equals(weights)).toBe(true);
  const ranges = hub.requests.flatMap(({ path, range }) => (path === "/model.safetensors" ? (range ?? []) : []));
  expect(ranges.length).toBe(3);
  expect(ranges.every((range) => /^bytes=[1-9]\d*-$/.test(range))).toBe(true);
  expect(events.filter(({ type }) => type === "file-retry")).toHaveLength(3);
  const present = events.flatMap((event) =>
    event.type === "file-delta" && event.path === "model.safetensors" ? event.present : [],
  );
  expect(present.at(-1)).toBe(weights.length);
  expect(present.toSorted((a, b) => a - b)).toEqual(present);
});

test("fetchModel() starts a file again on a server that knows no ranges", async () => {
  const { hub, environment } = await start();
  hub.cuts = { after: 90_000, times: 1 };
  hub.ignoresRanges = true;

  const { folder } = await fetchModel("hf:org/tiny", { environment });

  expect(readFileSync(join(folder, "model.safetensors")).equals(weights)).toBe(true);
});

test("fetchModel() asks again when the hub fails for a moment, and says when it is another server", async () => {
  const { hub, environment } = await start();
  hub.failures = 2;

  expect((await fetchModel("hf:org/tiny", { environment })).files).toEqual(needed);
  hub.page = true;
  expect((await failure(fetchModel("hf:org/tiny", { environment }))).message).toContain(
    "Expected a listing of org/tiny",
  );
});

test("fetchModel() keeps what came when it gives up, and goes on the next time", async () => {
  const { hub, environment, repository } = await start();
  hub.cuts = { after: 0, times: 1000 };
  const blobs = join(repository, "blobs");
  hub.files = { "model.safetensors": weights };

  const error = await failure(fetchModel("hf:org/tiny", { environment }));
  expect(error.code).toBe("HUB_INTERRUPTED");
  expect(error.message).toContain("run it again to go on from there");

  hub.cuts = { after: 0, times: 0 };
  const draft = readdirSync(blobs).find((name) => name.endsWith(".incomplete"))!;
  writeFileSync(join(blobs, draft), weights.subarray(0, 1234));
  const { folder } = await fetchModel("hf:org/tiny", { environment });
  expect(hub.requests.at(-1)!.range).toBe("bytes=1234-");
  expect(readFileSync(join(folder, "model.safetensors")).equals(weights)).toBe(true);
  expect(readdirSync(blobs).filter((name) => name.endsWith(".incomplete"))).toEqual([]);
}, 60_000);

test.each(["config.json", "model.safetensors"])(
  "fetchModel() deletes %s when its checksum is wrong, and says so",
  async (name) => {
    const { hub, environment, repository } = await start();
    hub.corrupt = name;

    const error = await failure(fetchModel("hf:org/tiny", { environment }));

    expect(error.code).toBe("HUB_CHECKSUM");
    expect(error.message).toContain(`Expected ${name} with the checksum`);
    expect(readdirSync(join(repository, "blobs")).filter((blob) => blob.endsWith(".incomplete"))).toEqual([]);
    expect(existsSync(join(repository, "snapshots", hub.commit, name))).toBe(false);
    expect(existsSync(join(repository, "refs/main"))).toBe(false);
    hub.corrupt = undefined;
    expect((await fetchModel("hf:org/tiny", { environment })).files).toEqual(needed);
  },
);

test("fetchModel() gives the token to the hub, and to nobody whom the hub sends it on to", async () => {
  const { hub, environment } = await start();
  hub.gate = { token: secret, code: "GatedRepo" };

  await fetchModel("hf:org/tiny", { environment: { ...environment, HF_TOKEN: secret } });

  const large = hub.requests.filter(({ path }) => path === "/model.safetensors");
  expect(large.map(({ token }) => token)).toEqual([undefined]);
  expect(
    hub.requests.filter(({ path }) => path.startsWith("/api")).every(({ token }) => token === `Bearer ${secret}`),
  ).toBe(true);
});

test("fetchModel() says what to do about a model that is gated, hidden or absent", async () => {
  const { hub, environment } = await start();
  hub.gate = { token: "another", code: "GatedRepo" };

  const gated = await failure(fetchModel("hf:org/tiny", { environment }));
  expect([gated.code, gated.message]).toEqual(["HUB_DENIED", expect.stringContaining("set HF_TOKEN")]);
  const denied = await failure(fetchModel("hf:org/tiny", { environment: { ...environment, HF_TOKEN: secret } }));
  expect(denied.message).toContain("the token that is set has no access");
  hub.gate = { token: "another", code: "RepoNotFound" };
  expect((await failure(fetchModel("hf:org/tiny", { environment }))).code).toBe("HUB_REPOSITORY_MISSING");
  hub.gate = undefined;
  expect((await failure(fetchModel("hf:org/none", { environment }))).message).toContain("Expected a model org/none");
  expect((await failure(fetchModel("hf:org/tiny@v9", { environment }))).code).toBe("HUB_REVISION_MISSING");
  const file = await failure(fetchModel("hf:org/tiny", { environment, files: ["tokeniser.json"] }));
  expect([file.code, file.message]).toEqual([
    "HUB_FILE_MISSING",
    expect.stringContaining('did you mean "tokenizer.json"?'),
  ]);
});

test("fetchModel() asks nobody under HF_HUB_OFFLINE, and uses what is cached", async () => {
  const { hub, environment } = await start();
  const offline = { ...environment, HF_HUB_OFFLINE: "1" };

  const error = await failure(fetchModel("hf:org/tiny", { environment: offline }));
  expect([error.code, hub.requests.length]).toEqual(["HUB_OFFLINE", 0]);

  const { folder, commit } = await fetchModel("hf:org/tiny", { environment });
  const before = hub.requests.length;
  const cached = await fetchModel("hf:org/tiny", { environment: offline });
  expect(cached).toMatchObject({ folder, commit, files: [...needed].sort() });
  expect(hub.requests.length).toBe(before);
});

test("fetchModel() uses what is cached, and says so, when the hub does not answer", async () => {
  const { environment } = await start();
  const gone = { ...environment, HF_ENDPOINT: "http://127.0.0.1:9" };

  expect((await failure(fetchModel("hf:org/tiny", { environment: gone }))).code).toBe("HUB_UNREACHABLE");
  const { folder } = await fetchModel("hf:org/tiny", { environment });
  const events: HubEvent[] = [];
  const cached = await fetchModel("hf:org/tiny", { environment: gone, onEvent: (event) => events.push(event) });
  expect(cached.folder).toBe(folder);
  expect(events.map(({ type }) => type)).toEqual(["hub-absent"]);
});

test("fetchModel() called twice at once fetches each file once", async () => {
  const { hub, environment } = await start();

  const both = await Promise.all([
    fetchModel("hf:org/tiny", { environment }),
    fetchModel("hf:org/tiny", { environment }),
  ]);

  expect(both[0]).toEqual(both[1]);
  expect(hub.requests.filter(({ path }) => path === "/model.safetensors")).toHaveLength(1);
});

test("fetchModel() stops when it is told to", async () => {
  const { environment } = await start();
  const stop = new AbortController();

  const fetching = fetchModel("hf:org/tiny", {
    environment,
    signal: stop.signal,
    onEvent: () => stop.abort(new Error("stop")),
  });

  await expect(fetching).rejects.toThrow("stop");
});

test("fetchModel() refuses a listing that leads out of the cache", async () => {
  const { environment } = await start({ "../evil.json": Buffer.from("x") });

  expect((await failure(fetchModel("hf:org/tiny", { environment, files: "all" }))).message).toContain("../evil.json");
});

test("fetchModel() fetches all files, or those that are named, and writes nothing to the terminal", async () => {
  const { environment } = await start();
  const spies = (["log", "debug", "info", "warn"] as const).map((name) => vi.spyOn(console, name));

  const all = await fetchModel("hf:org/tiny", { environment, files: "all" });
  const named = await fetchModel("hf:org/tiny", { environment, files: ["onnx/*", "*.md"] });

  expect(all.files).toHaveLength(6);
  expect(named.files).toEqual(["README.md", "onnx/model.onnx"]);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});

const shared = join(
  process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../shared"),
  "weights/tinystories-656k-hf",
);

test.skipIf(!existsSync(shared))(
  "fetchModel() brings a real checkpoint that then opens (needs ../shared)",
  async () => {
    const names = readdirSync(shared);
    const { environment } = await start(
      Object.fromEntries(names.map((name) => [name, readFileSync(join(shared, name))])),
    );

    const { folder } = await fetchModel("hf:org/tiny", { environment });

    using checkpoint = openCheckpoint(folder);
    expect(checkpoint.entry("lm_head.weight").shape).toEqual([2048, 128]);
    expect(loadTokenizer(folder).vocabularySize).toBe(2048);
  },
);
