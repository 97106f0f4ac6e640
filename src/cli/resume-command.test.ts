import { expect, test } from "vitest";
import { resumeCommand } from "./resume-command.ts";

test("resumeCommand() is short where nothing was asked for", () => {
  expect(resumeCommand("demo-1", { cache: true }, {})).toBe("assay resume demo-1");
});

test("resumeCommand() keeps store, npx and every flag, quoted for a shell", () => {
  const flags = {
    maxConcurrency: 4,
    budget: 2.5,
    budgetTokens: 900,
    prices: "my prices.json",
    cache: false,
    durable: true,
    envFile: ["a.env", "it's.env"],
    quiet: true,
    json: true,
  };

  const command = resumeCommand("demo-1", flags, { ASSAY_HOME: "/a b", npm_command: "exec" });

  expect(command).toBe(
    "ASSAY_HOME='/a b' npx assay resume demo-1 -j 4 --budget 2.5 --budget-tokens 900 --prices 'my prices.json' " +
      "--no-cache --durable --env-file a.env --env-file 'it'\\''s.env' --quiet --json",
  );
});
