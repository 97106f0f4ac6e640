import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { CutOutput } from "./cut-output.ts";
import type { AskedTool, Executor, JobCommand, JobPlace } from "./executor.ts";
import { type Ended, endedIn, withLimits } from "./run-bounded.ts";

/** How containers are made. */
export interface ContainersOptions {
  /** The program: `docker`, or one that takes its words, such as `podman`. */
  readonly program?: string;
  readonly network?: boolean;
  readonly memoryMb?: number;
  readonly processors?: number;
}

/** Why jobs cannot run in containers here, or undefined when they can. */
export function containersMissing(program = "docker"): string | undefined {
  const { error, status } = spawnSync(program, ["info", "--format", "{{.ServerVersion}}"], {
    stdio: "ignore",
    timeout: 10_000,
  });
  if (error !== undefined) return `${program} is not on this machine`;
  return status === 0 ? undefined : `${program} is here, but its server does not answer`;
}

/**
 * Runs each job in a container of its own: no network, a root that cannot be written, limits of memory, processors and
 * processes. Images are those that are here already; nothing is fetched.
 */
export function containerExecutor(options: ContainersOptions = {}): Executor {
  const { program = "docker", network = false, memoryMb = 2048, processors = 2 } = options;
  const notes = [
    `in ${program} containers: network ${network ? "open" : "none"}, ${memoryMb} MB, ${processors} processors`,
  ];
  return {
    kind: "containers",
    notes,
    async open({ folder, tools }) {
      const image = imageFor(tools);
      if (image === undefined) return "a job that asks for node and python needs an image of its own";
      if (spawnSync(program, ["image", "inspect", image], { stdio: "ignore" }).status !== 0) {
        return `the image ${image} is not here; ${program} pull ${image}`;
      }
      const name = `assay-${randomUUID()}`;
      const words = [
        ...[
          "run",
          "--detach",
          "--rm",
          "--init",
          "--name",
          name,
          "--network",
          network ? "bridge" : "none",
          "--read-only",
        ],
        ...["--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", "512"],
        ...["--memory", `${memoryMb}m`, "--cpus", String(processors), "--user", userOf()],
        ...["--volume", `${folder}:${folder}`, "--workdir", folder, image, "sleep", "infinity"],
      ];
      const { status, stderr } = spawnSync(program, words, { encoding: "utf8" });
      return status === 0 ? placeIn(name, { program, folder }) : `${program} run: ${stderr.trim()}`;
    },
  };
}

/** Files that a job writes belong to whoever runs it. */
const userOf = (): string => `${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`;

/** The image that brings a tool; `lts/*` and the like are its newest. */
function imageFor(tools: readonly AskedTool[]): string | undefined {
  const names = new Set(tools.map(({ name }) => name));
  if (names.size > 1) return undefined;
  const [tool] = tools;
  if (tool === undefined) return "ubuntu:24.04";
  const [version] = /\d+(\.\d+)*/.exec(tool.version) ?? [];
  return `${tool.name}:${version ?? "latest"}`;
}

function placeIn(name: string, { program, folder }: { program: string; folder: string }): JobPlace {
  return {
    run: (command) => runIn(name, { program, folder, ...command }),
    close: async () => {
      spawnSync(program, ["rm", "--force", name], { stdio: "ignore" });
    },
  };
}

function runIn(
  name: string,
  { program, folder, command, env, limits, signal }: JobCommand & { program: string; folder: string },
): Promise<Ended> {
  const variables = Object.entries({ HOME: folder, CI: "true", ...env }).flatMap(([key, value]) => [
    "--env",
    `${key}=${value}`,
  ]);
  const child = spawn(program, ["exec", ...variables, name, ...withLimits(command, limits)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = new CutOutput(limits.outputCharacters);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => output.add(text));
  let killed: "timeout" | "aborted" | undefined;
  // Killing the container ends everything inside; killing `exec` alone would leave it running.
  const kill = (reason: "timeout" | "aborted") => {
    killed ??= reason;
    spawnSync(program, ["kill", name], { stdio: "ignore" });
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => kill("timeout"), limits.seconds * 1000);
  const abort = () => kill("aborted");
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  return new Promise((resolve) => {
    child.on("error", (error) => output.add(`${error.message}\n`));
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      const ended = endedIn(folder, { exitCode, output, limits });
      resolve(killed === undefined ? ended : { ...ended, outcome: killed });
    });
  });
}
