import { expect, test } from "vitest";
import { claims } from "./claims.ts";

test("cross-lingual-editing: the paper's claims are written down before anything is measured", () => {
  expect(claims).not.toEqual([]);
});
