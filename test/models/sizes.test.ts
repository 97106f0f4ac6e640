import { expect, test } from "vitest";
import { countParameters, families } from "#models";

const rows = Object.values(families).flatMap((family) =>
  Object.entries(family.sizes).map(([name, { config, parameters }]) => ({ name, family, config, parameters })),
);

test.each(rows)("$name has $parameters parameters", ({ family, config, parameters }) => {
  const plan = family.weights(config, { has: () => false });

  expect(countParameters(plan)).toBe(parameters);
});

test("every family has a tiny configuration with two blocks and a small vocabulary", () => {
  for (const { tiny } of Object.values(families)) expect(tiny).toMatchObject({ layers: 2, vocabularySize: 64 });
});
