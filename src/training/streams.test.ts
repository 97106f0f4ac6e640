import { expect, test } from "vitest";
import { NamedStreams } from "./streams.ts";

test("NamedStreams goes on where its state was taken, for each purpose alone", () => {
  const streams = new NamedStreams(4);
  streams.get("data").next();
  const state = JSON.parse(JSON.stringify(streams.state()));
  const expected = [streams.get("data").next(), streams.get("other").next()];

  const restored = new NamedStreams(4);
  restored.restore(state);

  expect([restored.get("data").next(), restored.get("other").next()]).toEqual(expected);
});
