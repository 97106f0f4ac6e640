import { UsageError } from "#base";

/** A model or data set on the hub, as a person names it: `hf:org/name@revision`. */
export interface HubSource {
  readonly name: string;
  /** A model when absent. */
  readonly kind?: "dataset";
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

const prefix = "hf:";
const part = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,95})";
const whole = new RegExp(`^(${part}(?:/${part})?)(?:@([^@\\s]+))?$`);

/** Whether a model is named as one on the hub. */
export const isHubSource = (text: string): boolean => text.startsWith(prefix);

/** Reads `hf:org/name` with an optional `@revision`, `main` by default. @throws UsageError HUB_SOURCE_INVALID */
export function parseHubSource(text: string): HubSource {
  const [, name, revision = "main"] = whole.exec(text.startsWith(prefix) ? text.slice(prefix.length) : "") ?? [];
  const isSafe = name !== undefined && !/\.\.|--/.test(name) && !/\.\.|^\/|\\/.test(revision);
  if (isSafe) return { name, revision };
  throw new UsageError(
    "HUB_SOURCE_INVALID",
    `hub: Expected hf:organisation/name or hf:organisation/name@revision, got "${text}"`,
  );
}
