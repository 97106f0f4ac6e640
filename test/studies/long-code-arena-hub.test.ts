import { afterEach, expect, test, vi } from "vitest";
import { paperSettings } from "../../src/studies/long-code-arena/comparability.ts";
import { readOfficial } from "../../src/studies/long-code-arena/official.ts";
import { nestedParquet } from "../../src/studies/long-code-arena/parquet-double.ts";
import { tasks } from "../../src/studies/long-code-arena/tasks.ts";
import { hubDouble } from "../formats/hub-server.ts";
import { scratchFolder } from "../formats/scratch-folder.ts";

afterEach(() => vi.unstubAllEnvs());

const bug = {
  text_id: "a/b/2/1",
  repo_owner: "a",
  repo_name: "b",
  issue_title: "Crash",
  issue_body: "It crashes",
  base_sha: "1",
  head_sha: "2",
  changed_files: "['src/x.py']",
  repo_language: "python",
};

async function fetched(files: Record<string, Buffer>) {
  const hub = await hubDouble(files, "JetBrains-Research/lca-bug-localization");
  vi.stubEnv("HF_ENDPOINT", hub.endpoint);
  vi.stubEnv("HF_HOME", scratchFolder());
  const settings = { ...paperSettings, data: "hub", language: ["py" as const] };
  const { items } = await readOfficial(tasks["bug-localization"], { settings, seed: 0 });
  const asked = hub.requests.map(({ path }) => path.split("/").slice(6).join("/"));
  return { ids: items.map(({ id }) => id), asked: asked.filter((path) => path.includes(".")) };
}

test("readOfficial() fetches from the hub only the Parquet of the sets that are asked for", async () => {
  const rows = nestedParquet([bug]);

  const { ids, asked } = await fetched({
    "py/test-0.parquet": rows,
    "java/test-0.parquet": rows,
    "repos/a.zip": Buffer.alloc(5000),
  });

  expect(ids).toEqual(["a/b/2/1"]);
  expect(asked).toEqual(["py/test-0.parquet"]);
});

test("readOfficial() takes all Parquet of a data set whose folders have other names, and no archives", async () => {
  const { ids, asked } = await fetched({
    "data/rows.parquet": nestedParquet([bug]),
    "repos/a.zip": Buffer.alloc(5000),
  });

  expect(ids).toEqual(["a/b/2/1"]);
  expect(asked).toEqual(["data/rows.parquet"]);
});
