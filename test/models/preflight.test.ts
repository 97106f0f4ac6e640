import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findModel, loadModel, openModelFolder, preflight, storageOfCheckpoint } from "#models";
import { hubDouble } from "../formats/hub-server.ts";
import { scratchFolder } from "../formats/scratch-folder.ts";
import { fixture } from "./fixtures.ts";

test("preflight() streams what does not fit, and needs less memory then", async () => {
  const model = openModelFolder(fixture("llama"));

  const [whole, streamed] = [
    await preflight(model, { tokens: 16, memory: 1e9 }),
    await preflight(model, { tokens: 16, memory: 0 }),
  ];

  model.checkpoint.close();
  expect([whole.isStreamed, streamed.isStreamed]).toEqual([false, true]);
  expect(whole.memoryBytes).toBeGreaterThan(model.parameters * 4);
  for (const { passSeconds, decodeSeconds, loadSeconds } of [whole, streamed]) {
    for (const time of [passSeconds, decodeSeconds, loadSeconds]) expect(time).toBeGreaterThan(0);
  }
});

test("storageOfCheckpoint() counts bytes and number types as they are stored", () => {
  const model = openModelFolder(fixture("mistral"));

  const { bytes, types } = storageOfCheckpoint(model);

  model.checkpoint.close();
  expect(types).toEqual({ BF16: model.parameters });
  expect(bytes).toBe(2 * model.parameters);
});

test("findModel() leaves a folder as it is; loadModel() fetches from the hub and runs what came", async () => {
  const names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(fixture("llama"), name))]));
  const hub = await hubDouble(files);
  const environment = { HF_ENDPOINT: hub.endpoint, HF_HOME: scratchFolder() };

  using model = await loadModel("hf:org/tiny", { environment });

  expect(await findModel("./folder")).toBe("./folder");
  expect(await findModel("hf:org/tiny", { environment })).toBe(model.folder);
  expect(model).toMatchObject({ name: "hf:org/tiny", config: { layers: 2 } });
  expect(model.chatTemplate?.bosToken).toBe("<s>");
});
