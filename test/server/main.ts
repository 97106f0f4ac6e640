/**
 * The test server as a process of its own:
 *
 *     node test/server/main.ts --port 0 --log FILE --chances 429-ms=0.1,500=0.05 --seed 1 --answers needle --latency 5
 *
 * Prints its address as its first line, and writes each request to the log before it answers, one JSON object a line.
 */
import { openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { answerers } from "./answers.ts";
import { type Behaviour, behaviours } from "./behaviours.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    log: { type: "string" },
    chances: { type: "string", default: "" },
    script: { type: "string", default: "" },
    seed: { type: "string", default: "0" },
    patience: { type: "string", default: "3" },
    answers: { type: "string", default: "hash" },
    latency: { type: "string", default: "0" },
  },
});

const list = (text: string): string[] => text.split(",").filter((item) => item !== "");

function behaviour(name: string): Behaviour {
  if (!Object.hasOwn(behaviours, name)) throw new Error(`no behaviour "${name}"; known: ${Object.keys(behaviours)}`);
  return name as Behaviour;
}

const chances = list(values.chances).map((item) => item.split("=") as [string, string]);
const log = values.log === undefined ? undefined : openSync(values.log, "a");
const server = await startServer({
  port: Number(values.port),
  script: list(values.script).map(behaviour),
  chances: Object.fromEntries(chances.map(([name, chance]) => [behaviour(name), Number(chance)])),
  seed: Number(values.seed),
  patience: Number(values.patience),
  answer: answerers[values.answers as keyof typeof answerers],
  latencyMs: Number(values.latency),
  keepsRequests: false,
  // Asked and answered go to the kernel at once: they outlive a killed server.
  ...(log === undefined ? {} : { onLog: (entry) => void writeSync(log, `${JSON.stringify(entry)}\n`) }),
});
process.stdout.write(`${server.url}\n`);
process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
