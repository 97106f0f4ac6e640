import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withFileLock } from "./file-lock.ts";

test("withFileLock() takes over the lock of a process that is gone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-hub-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "x.lock");
  writeFileSync(path, JSON.stringify({ pid: 2 ** 30, host: hostname() }));

  expect(await withFileLock(path, async () => existsSync(path))).toBe(true);
  expect(existsSync(path)).toBe(false);
});

test("withFileLock() lets one in after the other, also when the first fails", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-hub-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "x.lock");
  const order: string[] = [];
  const enter = (name: string) => async () => {
    order.push(`${name} in`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(`${name} out`);
    if (name === "a") throw new Error("a fails");
  };

  const settled = await Promise.allSettled([withFileLock(path, enter("a")), withFileLock(path, enter("b"))]);

  expect(settled.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(order).toEqual(["a in", "a out", "b in", "b out"]);
});
