import { expect, test } from "vitest";
import { tableText } from "./text.ts";

test("tableText() puts measured rows below the published ones and says why one stands apart", () => {
  const cell = { value: 50, n: 100, interval: { low: 40, high: 60, level: 0.95, method: "Wilson" } };
  const row = { kind: "api", cells: [cell] };

  const text = tableText({
    ...{ id: "t", title: "One needle", source: "Table 2", certainty: "read in the paper", unit: "%", columns: ["N=2"] },
    published: [{ subject: "Famous", cells: [null] }],
    measured: [
      { ...row, subject: "mine", apart: [] },
      { ...row, subject: "other", apart: ["data differs from the paper's"] },
    ],
  });

  expect(text).toBe(
    [
      "One needle (%; Table 2, read in the paper)",
      "subject                     N=2",
      "─────────  ────────────────────",
      "Famous                        –",
      "▶ mine     50.00 [40.00, 60.00]",
      "other [1]  50.00 [40.00, 60.00]",
      "  [1] stands apart: data differs from the paper's",
    ].join("\n"),
  );
});
