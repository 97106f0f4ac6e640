import { expect, test } from "vitest";
import { controlSubject } from "./controls.ts";

const question = { parts: [], sampling: {}, controls: { oracle: () => "1, 2, 3", absent: () => "-1" } };

test("controlSubject() answers what the study wrote down for it", async () => {
  const subject = controlSubject("oracle");

  expect(await subject.ask(question, {})).toMatchObject({ text: "1, 2, 3", finishReason: "stop" });
  expect(subject).toMatchObject({ name: "baseline:oracle", kind: "control", identity: { control: "oracle" } });
});

test("controlSubject() says which controls the study offers", async () => {
  await expect(controlSubject("random").ask(question, {})).rejects.toMatchObject({
    code: "CONTROL_MISSING",
    message: expect.stringContaining("this study offers baseline:oracle, baseline:absent"),
  });
  await expect(controlSubject("toString").ask({ parts: [], sampling: {} }, {})).rejects.toThrow("offers none");
});
