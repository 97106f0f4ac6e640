import { expect, test } from "vitest";
import { checkBorders } from "./check-borders.ts";

const judge = (path: string, text: string) => checkBorders([{ path, text }]).map(({ line }) => line);

test("checkBorders() keeps a checkpoint's tensor names in models/<name>/weights.ts", () => {
  const text = "const layer = 3;\nconst name = `model.layers.3.mlp.down_proj.weight`;";

  expect(judge("src/models/llama/model.ts", text)).toEqual([2]);
  expect(judge("src/models/llama/weights.ts", text)).toEqual([]);
  expect(judge("src/models/llama/model.test.ts", text)).toEqual([]);
});

test("checkBorders() keeps a file format's field names in formats, as text and as identifiers", () => {
  const text = 'const { data_offsets } = header;\nheader["__metadata__"];';

  expect(judge("src/training/checkpoint.ts", text)).toContain(1);
  expect(judge("src/training/checkpoint.ts", text)).toContain(2);
  expect(judge("src/formats/safetensors/header.ts", text)).toEqual([]);
});
