import {
  directDependencies,
  isAccepted,
  type LicenceReasons,
  type LockFile,
  licencesPage,
  licensedPackages,
} from "./licences.ts";
import type { Violation } from "./sources.ts";

/** What the check of licences reads. */
export interface LicenceSources {
  readonly lock: LockFile;
  readonly reasons: LicenceReasons;
  /** The text of LICENSES.md. */
  readonly page: string;
  /** True for a path that is committed. */
  exists(path: string): boolean;
}

/** No licence that binds the lab, a reason for each direct dependency, and a LICENSES.md that is up to date. */
export function checkLicences({ lock, reasons, page, exists }: LicenceSources): Violation[] {
  const refused = licensedPackages(lock)
    .filter(({ name, licence }) => !isAccepted(name, licence))
    .map(({ name, licence }) => violation("package-lock.json", `${name} has the licence ${licence}`));
  const gone = reasons.committed
    .filter(({ path }) => !exists(path))
    .map(({ path }) => violation(reasonsFile, `"${path}" is not there`));
  const written = licencesPage(lock, reasons);
  const stale = page === written ? [] : [violation("LICENSES.md", "is out of date; run npm run licences")];
  return [...refused, ...checkReasons(lock, reasons), ...gone, ...stale];
}

const reasonsFile = "scripts/licence-reasons.json";

const violation = (file: string, message: string): Violation => ({ file, line: 1, message });

function checkReasons(lock: LockFile, reasons: LicenceReasons): Violation[] {
  const kinds = ["dependencies", "devDependencies", "optionalDependencies"] as const;
  const direct = kinds.flatMap((kind) => directDependencies(lock, kind));
  const missing = direct.filter((name) => !reasons.packages[name]);
  const stale = Object.keys(reasons.packages).filter((name) => !direct.includes(name));
  return [
    ...missing.map((name) => violation(reasonsFile, `"${name}" is depended on; say why it is here`)),
    ...stale.map((name) => violation(reasonsFile, `"${name}" is no longer depended on`)),
  ];
}
