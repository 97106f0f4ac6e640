import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AskedTool, Executor } from "./executor.ts";
import { satisfies } from "./executor.ts";
import { findIsolation } from "./isolation.ts";
import { runBounded } from "./run-bounded.ts";

/**
 * Runs jobs on this machine: behind its strongest isolation, with the tools that it has.
 *
 * Whoever calls this has the user's word that foreign code may run here.
 */
export function hereExecutor({ network = false } = {}): Executor {
  const isolation = findIsolation();
  const kept = `on this machine: ${isolation.kind}, network ${network ? "open" : isolation.network}, other files ${isolation.files}`;
  return {
    kind: "here",
    notes: [kept, ...isolation.notes],
    async open({ folder, tools }) {
      const missing = [...missingShell(), ...tools.flatMap((tool) => missingTool(tool))];
      if (missing.length > 0) return missing.join("; ");
      const path = `${toolFolder(folder)}:${process.env.PATH ?? "/usr/bin:/bin"}`;
      return {
        run: ({ command, env, limits, signal }) =>
          runBounded(command, {
            folder,
            limits,
            network,
            isolation,
            env: { ...env, PATH: env.PATH === undefined ? path : `${env.PATH}:${path}` },
            ...(signal !== undefined && { signal }),
          }),
        close: async () => {},
      };
    },
  };
}

/** The Node that runs this, by its name: others on the path may be older. */
function toolFolder(folder: string): string {
  const tools = join(folder, ".tools");
  mkdirSync(tools, { recursive: true });
  try {
    symlinkSync(process.execPath, join(tools, "node"));
  } catch {
    return dirname(process.execPath);
  }
  return tools;
}

/** Steps are scripts of bash, and so are the limits around them. */
const missingShell = (): string[] =>
  spawnSync("bash", ["--version"], { stdio: "ignore" }).status === 0 ? [] : ["bash is not on this machine"];

function missingTool({ name, version }: AskedTool): string[] {
  const own = name === "node" ? process.version.slice(1) : pythonVersion();
  if (own === undefined) return [`${name} ${version} is not on this machine`];
  return satisfies(own, version) ? [] : [`${name} ${version} is asked for, ${own} is at hand`];
}

function pythonVersion(): string | undefined {
  const { stdout, status } = spawnSync("python3", ["--version"], { encoding: "utf8" });
  return status === 0 ? /(\d+\.\d+(\.\d+)?)/.exec(stdout)?.[1] : undefined;
}
