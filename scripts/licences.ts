/** One package of the lock file. */
export interface LockedPackage {
  readonly version: string;
  readonly license?: string;
}

/** package-lock.json, as far as licences go; the key "" is the package itself. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage & Partial<Record<DependencyKind, Record<string, string>>>>>;
}

/** Why each direct dependency is here, and what is committed that others may own. */
export interface LicenceReasons {
  readonly packages: Readonly<Record<string, string>>;
  readonly committed: readonly { readonly path: string; readonly origin: string; readonly licence: string }[];
}

type DependencyKind = "dependencies" | "devDependencies" | "optionalDependencies";

const accepted = new Set(
  "0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 ISC MIT MPL-2.0 Python-2.0 Unicode-3.0 Unlicense Zlib".split(
    " ",
  ),
);

/** The prebuilt image library that sharp loads at run time, unchanged and replaceable, as the LGPL asks. */
const lesserGeneralPublic = /^@img\/sharp-/;

/** True when the licence expression leaves the lab free: one side of an OR, every side of an AND. */
export function isAccepted(name: string, expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, "");
  if (plain.includes(" OR ")) return plain.split(" OR ").some((one) => isAccepted(name, one));
  if (plain.includes(" AND ")) return plain.split(" AND ").every((one) => isAccepted(name, one));
  return accepted.has(plain) || (plain.startsWith("LGPL-3.0") && lesserGeneralPublic.test(name));
}

interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** Every package of the lock file, by name; the same name may stand there in several versions. */
export function licensedPackages(lock: LockFile): Licensed[] {
  const entries = Object.entries(lock.packages).filter(([path]) => path !== "");
  const found = entries.map(([path, { version, license }]) => ({
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version,
    licence: license ?? "unknown",
  }));
  return found.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** Names of the direct dependencies of one kind. */
export function directDependencies(lock: LockFile, kind: DependencyKind): string[] {
  return Object.keys(lock.packages[""]?.[kind] ?? {}).sort();
}

/** The text of LICENSES.md. */
export function licencesPage(lock: LockFile, reasons: LicenceReasons): string {
  const direct = (kind: DependencyKind) => directTable(directDependencies(lock, kind), lock, reasons);
  return `# Licences

Assay itself is under the MIT licence (\`LICENSE\`). This page is written by \`npm run licences\` from \`package-lock.json\`
and \`scripts/licence-reasons.json\`; \`npm run check\` fails when it is out of date or a licence is not accepted.

## What the package needs

${direct("dependencies")}

## What only development needs

${direct("devDependencies")}

## Node for a checkout

These are left out of the published package.

${direct("optionalDependencies")}

## What those bring with them

${groups(lock)}

The LGPL covers libvips, which sharp ships as a separate shared library; it is used unchanged and can be replaced.

## What is committed

| where | from | licence |
| --- | --- | --- |
${reasons.committed.map(({ path, origin, licence }) => `| \`${path}\` | ${origin} | ${licence} |`).join("\n")}
`;
}

function directTable(names: readonly string[], lock: LockFile, reasons: LicenceReasons): string {
  const rows = names.map((name) => {
    const { version, license } = lock.packages[`node_modules/${name}`] ?? { version: "", license: "unknown" };
    return `| ${name} | ${version} | ${license} | ${reasons.packages[name] ?? ""} |`;
  });
  return ["| package | version | licence | why it is here |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** All other packages, one paragraph a licence, the most frequent first. */
function groups(lock: LockFile): string {
  const kinds = ["dependencies", "devDependencies", "optionalDependencies"] as const;
  const direct = new Set(kinds.flatMap((kind) => directDependencies(lock, kind)));
  const others = licensedPackages(lock).filter(({ name }) => !direct.has(name));
  const byLicence = [...Map.groupBy(others, ({ licence }) => licence)].sort(([, a], [, b]) => b.length - a.length);
  return byLicence
    .map(([licence, packages]) => `**${licence}** (${packages.length}): ${packages.map(label).join(", ")}.`)
    .join("\n\n");
}

const label = ({ name, version }: Licensed): string => `${name} ${version}`;
