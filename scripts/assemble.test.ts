import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { assemble } from "./assemble.ts";
import { listFiles } from "./sources.ts";

const texts = listFiles(".", "src").filter((path) => path.endsWith(".wat"));

test.each(texts)("%s is what its -wasm.ts file holds; npm run wasm", async (path) => {
  const written = readFileSync(path.replace(/\.wat$/, "-wasm.ts"), "utf8");

  const assembled = await assemble(basename(path, ".wat"), readFileSync(path, "utf8"));

  expect(written).toBe(assembled);
});
