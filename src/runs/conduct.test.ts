import { expect, test } from "vitest";
import type { Claim } from "#base";
import { judge } from "./conduct.ts";

const claim = (id: string, judged: Claim["judge"]): Claim => ({
  id,
  statement: "S",
  place: "§1",
  certainty: "read in the paper",
  needs: ["a longer run"],
  test: { statistic: "s", direction: "d", margin: "m" },
  judge: judged,
});

test("judge() gives every claim a verdict: one that the records say nothing about is not testable here", () => {
  const holds = claim("a", () => [{ claim: "a", status: "holds", evidence: "1 > 0" }]);
  const silent = claim("b", () => []);

  const verdicts = judge({ claims: [holds, silent] }, []);

  expect(verdicts).toMatchObject([
    { claim: "a", status: "holds" },
    { claim: "b", status: "not testable here", missing: ["a longer run"] },
  ]);
});
