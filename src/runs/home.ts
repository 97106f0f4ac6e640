import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where runs live: ASSAY_HOME, else `.assay/` when the project has one, else the platform's folder for data. */
export function assayHome(
  env: Environment,
  { cwd = process.cwd(), platform = process.platform as string } = {},
): string {
  if (env.ASSAY_HOME) return resolve(cwd, env.ASSAY_HOME);
  const local = join(cwd, ".assay");
  return existsSync(local) ? local : join(dataFolder(env, platform), "assay");
}

function dataFolder(env: Environment, platform: string): string {
  if (platform === "win32") return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  return env.XDG_DATA_HOME ?? join(homedir(), ".local", "share");
}
