import { expect, test } from "vitest";
import { protocolOf } from "./protocols.ts";
import { services } from "./services.ts";

const read = (content: object[]) =>
  protocolOf("openai", services.openai).logProbs({ choices: [{ logprobs: { content } }] } as never);

test("log-probabilities that are no numbers are left out, not taken for certainty", () => {
  const tops = [
    { token: "A", logprob: -0.5 },
    { token: "B", logprob: null },
    { token: "C" },
    { token: 7, logprob: "-1" },
  ];

  expect(read([{ token: "A", logprob: -0.5, top_logprobs: tops }])).toEqual([
    { token: "A", logProb: -0.5, alternatives: [{ token: "A", logProb: -0.5 }] },
  ]);
  expect(
    read([
      { token: "A", logprob: -0.5 },
      { token: "B", logprob: null },
    ]),
  ).toBeUndefined();
  expect(read([{ token: "A", logprob: -0.5, top_logprobs: "none" }])).toEqual([{ token: "A", logProb: -0.5 }]);
});

test("an answer without log-probabilities has none", () => {
  for (const body of [null, [], {}, { choices: [] }, { choices: [{ logprobs: null }] }]) {
    expect(protocolOf("openai", services.openai).logProbs(body)).toBeUndefined();
  }
});
