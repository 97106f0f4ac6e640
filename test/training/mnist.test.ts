import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { learnDigits } from "./mnist.ts";

const source = readFileSync(join(import.meta.dirname, "mnist.ts"), "utf8");
const readme = readFileSync("src/engine/README.md", "utf8");

test("the engine's README shows the code that this test runs, in fewer than forty lines", () => {
  const shown = source.replaceAll('"#base"', '"assay/base"').replaceAll('"#engine"', '"assay/engine"');

  expect(readme).toContain(`\`\`\`ts\n${shown}\`\`\``);
  expect(source.trimEnd().split("\n").length).toBeLessThan(40);
});

const folder = join(process.env.ASSAY_SHARED ?? "../shared", "data/mnist-test");

describe.skipIf(!existsSync(folder))("with MNIST's test pictures in ASSAY_SHARED", () => {
  test("two layers learn to read 93 % of the held-out digits", async () => {
    const accuracy = await learnDigits(folder);

    expect(accuracy).toBeGreaterThan(0.93);
    expect(accuracy).toBeLessThan(1);
  });
});
