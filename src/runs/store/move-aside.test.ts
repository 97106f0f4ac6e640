import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchHome } from "../run-double.ts";
import { moveAside } from "./move-aside.ts";

test("moveAside() keeps a store and its log together under another name", () => {
  const home = scratchHome();
  for (const suffix of ["", "-wal", "-shm"]) writeFileSync(join(home, `store.sqlite${suffix}`), `damaged${suffix}`);

  const target = moveAside(home, new Date("2026-11-25T10:00:00.000Z"))!;

  const name = "store.sqlite.aside-2026-11-25T10-00-00-000Z";
  expect(readdirSync(home).sort()).toEqual([name, `${name}-shm`, `${name}-wal`]);
  expect(readFileSync(`${target}-wal`, "utf8")).toBe("damaged-wal");
  expect(moveAside(home)).toBeUndefined();
});
