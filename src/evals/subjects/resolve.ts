import { nearest, type Subject, UsageError } from "#base";
import { controlSubject } from "../controls.ts";
import type { Environment } from "../environment.ts";
import { createRedactor } from "../redact.ts";
import { apiSubject } from "./api.ts";
import { connect, withoutCredentials } from "./connection.ts";
import { type ServiceName, services } from "./services.ts";

/** How a subject's name begins, which says what kind it is. */
export type SubjectScheme = ServiceName | "baseline" | "folder" | "hf" | "mini";

/** Where a name's subject comes from. */
export interface ResolveOptions {
  /** Where keys and addresses are looked up. */
  readonly environment?: Environment;
  /** Kinds from higher floors, in place of the rows here. */
  readonly kinds?: Partial<SubjectKinds>;
  readonly onNotice?: (message: string) => void;
}

/** Makes the subject of a name; `rest` is what follows the scheme. */
export type SubjectKind = (name: string, rest: string, options: ResolveOptions) => Promise<Subject> | Subject;

/** One row for every scheme. */
export type SubjectKinds = Readonly<Record<SubjectScheme, SubjectKind>>;

const api =
  (service: ServiceName): SubjectKind =>
  (name, rest, { environment = process.env, onNotice }) => {
    const options = { environment, ...(onNotice === undefined ? {} : { onNotice }) };
    const connection = connect({ name, rest, service }, options);
    return apiSubject(name, { ...options, connection, redactor: createRedactor(environment) });
  };

/** The engine is loaded for those who need it only. */
const openModel: SubjectKind = async (name, _rest, { environment, onNotice }) => {
  const { openModelSubject } = await import("./open-model.ts");
  return openModelSubject(name, name, {
    ...(environment === undefined ? {} : { environment }),
    ...(onNotice === undefined ? {} : { onNotice }),
  });
};

const kinds: SubjectKinds = {
  anthropic: api("anthropic"),
  baseline: (_name, rest) => controlSubject(rest),
  deepseek: api("deepseek"),
  fireworks: api("fireworks"),
  folder: openModel,
  google: api("google"),
  groq: api("groq"),
  hf: openModel,
  mini: openModel,
  mistral: api("mistral"),
  openai: api("openai"),
  "openai-compatible": api("openai-compatible"),
  openrouter: api("openrouter"),
  together: api("together"),
  xai: api("xai"),
};

/**
 * The subject of a name: `openai/…`, `anthropic/…`, `google/…`, `openai-compatible/<model>@<address>`, another
 * service's `groq/…`, `baseline:<control>`, `./folder`, `hf:org/name`, `mini:<name>`.
 *
 * @throws UsageError UNKNOWN_SUBJECT, KEY_MISSING, ADDRESS_MISSING or BAD_ADDRESS; AssayError as loadModel() for an open model
 */
export async function resolveSubject(name: string, options: ResolveOptions = {}): Promise<Subject> {
  const { scheme, rest } = parseSubjectName(name);
  const kind = options.kinds?.[scheme] ?? kinds[scheme];
  return kind(name, rest, options);
}

/** A subject's name, split at its scheme. @throws UsageError UNKNOWN_SUBJECT */
export function parseSubjectName(name: string): { readonly scheme: SubjectScheme; readonly rest: string } {
  if (/^(\.{0,2}|~|[A-Za-z]:)[/\\]|^\.{1,2}$/.test(name)) return { scheme: "folder", rest: name };
  const { scheme = "", rest = "" } = /^(?<scheme>[\w-]+)(?<mark>[:/])(?<rest>.+)$/.exec(name)?.groups ?? {};
  if (isScheme(scheme) && name[scheme.length] === markOf(scheme) && scheme !== "folder") return { scheme, rest };
  throw new UsageError("UNKNOWN_SUBJECT", unknown(withoutCredentials(name)));
}

const isScheme = (scheme: string): scheme is SubjectScheme => Object.hasOwn(kinds, scheme);

const markOf = (scheme: SubjectScheme): ":" | "/" => (Object.hasOwn(services, scheme) ? "/" : ":");

const forms =
  "openai/gpt-4o, openai-compatible/llava@http://localhost:11434/v1, ./folder, hf:org/name, mini:atlas, baseline:oracle";

function unknown(name: string): string {
  const [, scheme = name, rest] = /^([^:/]*)[:/](.+)$/.exec(name) ?? [];
  const near = nearest(
    scheme,
    Object.keys(kinds).filter((known) => known !== "folder"),
  ) as SubjectScheme | undefined;
  const advice = near && rest ? `did you mean "${near}${markOf(near)}${rest}"?` : `a subject reads like ${forms}`;
  return `assay: Expected a subject, got "${name}"; ${advice}`;
}
