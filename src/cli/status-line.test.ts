import { expect, test } from "vitest";
import { deskDouble } from "./desk-double.ts";
import { createStatusLine } from "./status-line.ts";

test("createStatusLine() redraws on a terminal, clears before it says something, and once at its end", () => {
  const desk = deskDouble({ isTerminal: true });
  const line = createStatusLine(desk, { everyMs: 5000 });

  line.show("1/2");
  line.show("2/2");
  line.say("half way");
  line.show("3/2");
  line.end();
  line.end();

  expect(desk.drawn).toEqual(["1/2", "2/2", "", "3/2", ""]);
  expect(desk.told).toEqual(["half way"]);
});

test("createStatusLine() writes the first line and then one now and then where there is no terminal", () => {
  const desk = deskDouble();
  let time = 0;
  const line = createStatusLine(desk, { everyMs: 5000, now: () => time });

  for (; time < 11_000; time += 500) line.show(`at ${time}`);
  line.end();

  expect(desk.told).toEqual(["at 0", "at 5000", "at 10000"]);
  expect(desk.drawn).toEqual([]);
});
