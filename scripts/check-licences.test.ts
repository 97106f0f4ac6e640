import { expect, test } from "vitest";
import { checkLicences } from "./check-licences.ts";
import { isAccepted, type LockFile, licencesPage } from "./licences.ts";

const lock: LockFile = {
  packages: {
    "": { version: "0.1.0", dependencies: { sharp: "1.0.0" }, devDependencies: { vitest: "2.0.0" } },
    "node_modules/sharp": { version: "1.0.0", license: "Apache-2.0" },
    "node_modules/sharp/node_modules/semver": { version: "7.0.0", license: "ISC" },
    "node_modules/vitest": { version: "2.0.0", license: "MIT" },
  },
};
const reasons = { packages: { sharp: "images", vitest: "tests" }, committed: [] };
const exists = () => true;

const judge = (changes: Partial<Parameters<typeof checkLicences>[0]>) => {
  const sources = { lock, reasons, exists, ...changes };
  return checkLicences({ page: licencesPage(sources.lock, sources.reasons), ...sources }).map(
    ({ file, message }) => `${file}: ${message}`,
  );
};

test.each([
  ["GPL-3.0-only", false],
  ["AGPL-3.0-or-later", false],
  ["LGPL-3.0-or-later", false],
  ["unknown", false],
  ["Apache-2.0 AND GPL-2.0", false],
  ["(AFL-2.1 OR BSD-3-Clause)", true],
  ["Apache-2.0 AND MIT", true],
  ["ISC", true],
])("isAccepted() of %s is %s", (licence, expected) => {
  expect(isAccepted("left-pad", licence)).toBe(expected);
});

test("isAccepted() takes the LGPL from sharp's prebuilt libvips only", () => {
  expect(isAccepted("@img/sharp-libvips-linux-x64", "LGPL-3.0-or-later")).toBe(true);
  expect(isAccepted("@img/sharp-wasm32", "Apache-2.0 AND LGPL-3.0-or-later AND MIT")).toBe(true);
});

test("checkLicences() accepts a page that is up to date", () => {
  expect(judge({})).toEqual([]);
});

test("checkLicences() refuses a licence that binds, deep down too", () => {
  const infected = {
    packages: { ...lock.packages, "node_modules/a/node_modules/b": { version: "1.0.0", license: "GPL-3.0" } },
  };

  expect(judge({ lock: infected })).toEqual(["package-lock.json: b has the licence GPL-3.0"]);
});

test("checkLicences() asks why a direct dependency is here, and drops reasons without one", () => {
  const found = judge({ reasons: { packages: { sharp: "images", left: "?" }, committed: [] } });

  expect(found.map((line) => line.split(": ")[1])).toEqual([
    '"vitest" is depended on; say why it is here',
    '"left" is no longer depended on',
  ]);
});

test("checkLicences() notices a stale page and committed material that is gone", () => {
  const committed = [{ path: "test/golden", origin: "us", licence: "MIT" }];

  expect(judge({ page: "old" })).toEqual(["LICENSES.md: is out of date; run npm run licences"]);
  expect(judge({ reasons: { ...reasons, committed }, exists: () => false })).toHaveLength(1);
});
