import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { HUB_URL } from "@huggingface/hub";

/** Where the hub and its cache are, under the names that the whole ecosystem uses. */
export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly cacheFolder: string;
  readonly token: string | undefined;
  readonly offline: boolean;
}

/** The variables of a process. */
export type HubEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Reads HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_TOKEN (or the file that `hf auth login` wrote) and HF_HUB_OFFLINE.
 *
 * Source   huggingface_hub, src/huggingface_hub/constants.py
 */
export function hubSettings(environment: HubEnvironment = process.env): HubSettings {
  const { HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN, HUGGING_FACE_HUB_TOKEN, XDG_CACHE_HOME } = environment;
  const home =
    expanded(environment.HF_HOME) ?? join(expanded(XDG_CACHE_HOME) ?? join(homedir(), ".cache"), "huggingface");
  const cacheFolder = expanded(environment.HF_HUB_CACHE ?? environment.HUGGINGFACE_HUB_CACHE) ?? join(home, "hub");
  const tokenFile = expanded(environment.HF_TOKEN_PATH) ?? join(home, "token");
  return {
    endpoint: (HF_ENDPOINT || HUB_URL).replace(/\/+$/, ""),
    cacheFolder,
    token: cleanToken(HF_TOKEN ?? HUGGING_FACE_HUB_TOKEN) ?? cleanToken(contentOf(tokenFile)),
    offline: /^(1|on|yes|true)$/i.test(HF_HUB_OFFLINE ?? ""),
  };
}

const expanded = (path: string | undefined): string | undefined =>
  path ? path.replace(/^~(?=\/|\\|$)/, homedir()) : undefined;

const cleanToken = (text: string | undefined): string | undefined => text?.replace(/[\r\n]/g, "").trim() || undefined;

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
