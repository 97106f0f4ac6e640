import { expect, test } from "vitest";
import { deskDouble } from "./desk-double.ts";
import { printPlan, readableBytes } from "./plan.ts";

test("readableBytes() keeps the number between 1 and 1,024", () => {
  expect([0, 1023, 1536, 3 * 2 ** 30].map(readableBytes)).toEqual(["0 B", "1023 B", "1.5 KiB", "3.0 GiB"]);
});

test("printPlan() says when nobody knows a price instead of calling it free", () => {
  const desk = deskDouble();
  const plan = {
    samples: 4000,
    calls: 4000,
    images: 40_000,
    imageBytes: 2 ** 30,
    inputTokens: 1e6,
    outputTokens: 2e4,
    notes: ["so"],
  };

  printPlan(
    {
      plan,
      costs: [
        { subject: "a", usd: 1.234 },
        { subject: "b", usd: null },
      ],
    },
    desk,
  );

  const text = desk.printed.join("\n");
  expect(text).toContain("40,000, about 1.0 GiB");
  expect(text).toContain("a: about $1.23");
  expect(text).toContain("b: price unknown");
});
