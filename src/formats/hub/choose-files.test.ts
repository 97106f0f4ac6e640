import { expect, test } from "vitest";
import { namedFiles, neededFiles } from "./choose-files.ts";

test("neededFiles() prefers safetensors and leaves duplicates of the weights out", () => {
  const shards = [
    "model-00001-of-00002.safetensors",
    "model-00002-of-00002.safetensors",
    "model.safetensors.index.json",
  ];
  const others = [
    "consolidated.safetensors",
    "pytorch_model.bin",
    "tf_model.h5",
    "original/params.json",
    "model.fp16.safetensors",
  ];

  expect(neededFiles([...shards, ...others, "tokenizer.model", "vocab.json"])).toEqual([
    ...shards,
    "tokenizer.model",
    "vocab.json",
  ]);
  expect(neededFiles(["pytorch_model.bin", "config.json", "x.md"])).toEqual(["pytorch_model.bin", "config.json"]);
  expect(namedFiles(["a.json", "b/c.json"], ["*.json"])).toEqual(["a.json"]);
});
