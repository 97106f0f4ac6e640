import { UsageError } from "#base";
import type { Environment } from "../environment.ts";
import { type Service, type ServiceName, services } from "./services.ts";

/** How one subject's service is reached; holds the key and is never stored. */
export interface Connection {
  readonly service: ServiceName;
  readonly model: string;
  readonly baseURL: string;
  readonly apiKey?: string;
  /** Anthropic's other credential. */
  readonly authToken?: string;
}

/** A subject's name, split where its service ends. */
export interface Named {
  readonly name: string;
  readonly service: ServiceName;
  /** What follows the service: the model, and the address when it is given there. */
  readonly rest: string;
}

export interface ConnectOptions {
  readonly environment: Environment;
  readonly onNotice?: (message: string) => void;
}

/**
 * Finds address and key of an API subject in its name and the environment.
 *
 * @throws UsageError KEY_MISSING, ADDRESS_MISSING or BAD_ADDRESS
 */
export function connect({ name, service, rest }: Named, options: ConnectOptions): Connection {
  const { model, address } = splitAddress(rest);
  const row: Service = services[service];
  const given = address ?? read(row.addresses, row, options)?.value ?? row.defaultAddress;
  if (given === undefined) throw new UsageError("ADDRESS_MISSING", addressMissing(name, row));
  // Before anything else is said about the name: it may hold a password.
  const baseURL = checkedAddress(given, row, service);
  const key = read(row.keys, row, options);
  if (key === undefined && !row.keyIsOptional) throw new UsageError("KEY_MISSING", keyMissing(name, row));
  return { service, model, baseURL, ...credential(key) };
}

/** `llava@http://localhost:11434/v1` → the model and its server's address. */
function splitAddress(rest: string): { readonly model: string; readonly address?: string } {
  const match = /^(.+?)@(https?:\/\/.+)$/.exec(rest);
  return match === null ? { model: rest } : { model: match[1]!, address: match[2]! };
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** The first of the names that is set, newer names before the older ones they replaced. */
function read(names: readonly string[], row: Service, { environment, onNotice }: ConnectOptions): Variable | undefined {
  const older = Object.entries(row.oldNames ?? {}).filter(([, name]) => names.includes(name));
  const newName = new Map(older);
  for (const name of [...names, ...newName.keys()]) {
    const value = environment[name]?.trim();
    if (!value) continue;
    if (newName.has(name)) onNotice?.(`${name} is read as ${newName.get(name)}; prefer the latter`);
    return { name, value };
  }
  return undefined;
}

function credential(key: Variable | undefined): Pick<Connection, "apiKey" | "authToken"> {
  if (key === undefined) return {};
  return key.name === "ANTHROPIC_AUTH_TOKEN" ? { authToken: key.value } : { apiKey: key.value };
}

/** The address without a slash at its end; Anthropic's users leave out the version that its SDK wants. */
function checkedAddress(address: string, { protocol }: Service, service: string): string {
  const url = URL.parse(address);
  if (url === null) {
    throw new UsageError("BAD_ADDRESS", `${service}: Expected a URL, got "${withoutCredentials(address)}"`);
  }
  // A path is put behind it: a query would swallow that, and most often holds a key.
  if (url.username || url.password || url.search || url.hash) {
    const message = `subject: Expected an address without credentials and query, got one for ${url.host}; put a key into the environment`;
    throw new UsageError("BAD_ADDRESS", message);
  }
  const plain = address.replace(/\/+$/, "");
  return protocol === "messages" && !/\/v\d+$/.test(plain) ? `${plain}/v1` : plain;
}

/** An address, or a subject's name, as it may be shown. */
export const withoutCredentials = (text: string): string =>
  text.replace(/\/\/[^/]*@/, "//…@").replace(/[?#].*$/s, "?…");

const keyMissing = (name: string, { keys }: Service): string =>
  `${name}: Expected a key in ${keys.join(" or ")}, got none; set it in the environment or in .env`;

const addressMissing = (name: string, { addresses }: Service): string =>
  `${name}: Expected an address, got none; write ${name}@http://localhost:11434/v1 or set ${addresses[0]}`;
