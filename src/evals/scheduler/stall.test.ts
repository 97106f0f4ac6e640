import { expect, test } from "vitest";
import { createStallAlarm } from "./stall.ts";

test("createStallAlarm() warns once a silence, then stops", () => {
  const alarm = createStallAlarm({ warnAfterMs: 10, stopAfterMs: 50 }, 0);

  expect([5, 10, 20, 50, 60].map((now) => alarm.look(now, 1))).toEqual(["moving", "warn", "moving", "stop", "stop"]);
});

test("createStallAlarm() starts anew at an answer, and is quiet while nothing is in flight", () => {
  const alarm = createStallAlarm({ warnAfterMs: 10, stopAfterMs: 50 }, 0);

  expect(alarm.look(100, 0)).toBe("moving");
  alarm.moved(100);

  expect(alarm.look(105, 1)).toBe("moving");
  expect(alarm.look(112, 1)).toBe("warn");
  expect(alarm.silentMs(112)).toBe(12);
});
