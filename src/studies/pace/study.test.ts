import { expect, test } from "vitest";
import { claims } from "./claims.ts";

test("pace: the paper's claims are written down before anything is measured", () => {
  expect(claims).not.toEqual([]);
});
