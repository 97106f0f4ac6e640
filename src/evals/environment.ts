import { parseEnv } from "node:util";

/** Names and values as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of some `.env` texts, a later text before an earlier one and the real environment before all. */
export function mergeEnvironment(texts: readonly string[], real: Environment = process.env): Environment {
  return Object.assign({}, ...texts.map((text) => parseEnv(text)), real);
}
