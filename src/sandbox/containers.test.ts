import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { containerExecutor, containersMissing } from "./containers.ts";
import { satisfies } from "./executor.ts";

const room = mkdtempSync(join(tmpdir(), "assay-containers-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));
const log = join(room, "log");

/** Takes Docker's words, writes them down, and runs what `exec` is given. */
const program = join(room, "docker");
writeFileSync(
  program,
  `#!/bin/bash
echo "$@" >> ${log}
case "$1" in
  image) [ "$3" = "node:24" ] || exit 1 ;;
  exec)
    shift
    while [ "$1" = "--env" ]; do export "$2"; shift 2; done
    shift
    exec "$@" ;;
esac
`,
);
chmodSync(program, 0o755);
const node = { name: "node", version: "24" } as const;

test("containerExecutor() makes a container without network and runs commands in it", async () => {
  const place = await containerExecutor({ program }).open({ folder: room, tools: [node] });
  if (typeof place === "string") throw new Error(place);

  const ended = await place.run({
    command: ["bash", "-c", "echo $NAME; exit 4"],
    env: { NAME: "x" },
    limits: { seconds: 5 },
  });
  await place.close();

  expect(ended).toEqual({ outcome: "failure", exitCode: 4, output: "x\n" });
  const words = readFileSync(log, "utf8");
  expect(words).toMatch(/run --detach --rm .*--network none --read-only .*--cap-drop ALL .*node:24 sleep infinity/);
  expect(words).toMatch(/rm --force assay-/);
});

test("containerExecutor() kills the container when the time is over", async () => {
  const place = await containerExecutor({ program }).open({ folder: room, tools: [node] });
  if (typeof place === "string") throw new Error(place);

  const { outcome } = await place.run({ command: ["sleep", "30"], env: {}, limits: { seconds: 0.3 } });

  expect(outcome).toBe("timeout");
  expect(readFileSync(log, "utf8")).toMatch(/kill assay-/);
});

test("containerExecutor() holds disk and output to their limits, and stops at once when it was told to before", async () => {
  const place = await containerExecutor({ program }).open({ folder: room, tools: [node] });
  if (typeof place === "string") throw new Error(place);
  const run = (script: string, more = {}) =>
    place.run({
      command: ["bash", "-c", script],
      env: {},
      limits: { seconds: 20, diskMb: 2, outputCharacters: 100 },
      ...more,
    });

  const large = await run(`head -c 9000000 /dev/zero > ${room}/big; echo written $?`);
  const many = await run(`cd ${room} && for at in 1 2 3; do head -c 1000000 /dev/zero > "part$at"; done`);
  rmSync(join(room, "big"), { force: true });
  for (const at of [1, 2, 3]) rmSync(join(room, `part${at}`));
  const loud = await run("seq 1 100000");
  const stopped = await run("sleep 30", { signal: AbortSignal.abort() });

  expect(large.output).not.toContain("written 0");
  expect(many).toMatchObject({ outcome: "failure", output: expect.stringContaining("more than 2 MB") });
  expect(loud.output).toMatch(/^1\n2\n[\s\S]*characters left out[\s\S]*100000\n$/);
  expect(stopped.outcome).toBe("aborted");
});

test("containerExecutor() says which image is not here, and fetches none", async () => {
  const executor = containerExecutor({ program });
  const open = (tools: Parameters<typeof executor.open>[0]["tools"]) => executor.open({ folder: room, tools });

  expect(await open([{ name: "python", version: "3.12" }])).toMatch(/the image python:3.12 is not here/);
  expect(await open([node, { name: "python", version: "3" }])).toMatch(/an image of its own/);
  expect(readFileSync(log, "utf8")).not.toMatch(/pull/);
});

test("containersMissing() tells a missing program from a silent server", () => {
  expect(containersMissing(join(room, "none"))).toMatch(/is not on this machine/);
  expect(containersMissing("false")).toMatch(/does not answer/);
  expect(containersMissing(program)).toBeUndefined();
});

test("satisfies() compares the parts that are named", () => {
  const asked = ["24", "24.x", "v24.1", ">=20", "^24.0.5", "~24.1.0", "lts/*", "", "20", "24.2", ">=25", "^23", "what"];

  expect(asked.map((one) => satisfies("24.1.7", one))).toEqual([
    ...[true, true, true, true, true, true, true, true, false, false, false, false, false],
  ]);
});
