import { type Answer, type Question, type Subject, UsageError } from "#base";

/**
 * A subject without a model: it answers what the study wrote down for it under its name, and so validates the chain
 * from question to verdict.
 *
 * @throws UsageError CONTROL_MISSING from `ask` when the study offers no such control
 */
export function controlSubject(control: string): Subject {
  const name = `baseline:${control}`;
  return {
    name,
    kind: "control",
    identity: { control },
    ask: async (question) => controlAnswer(name, answerOf(control, question)),
  };
}

function answerOf(control: string, { controls = {} }: Question): string {
  const write = Object.hasOwn(controls, control) ? controls[control] : undefined;
  if (write !== undefined) return write();
  const offered = Object.keys(controls).map((known) => `baseline:${known}`);
  const offer = offered.length > 0 ? `this study offers ${offered.join(", ")}` : "this study offers none";
  throw new UsageError("CONTROL_MISSING", `baseline:${control}: Expected a control of the study, got none; ${offer}`);
}

const controlAnswer = (subject: string, text: string): Answer => ({
  text,
  finishReason: "stop",
  usage: { inputTokens: 0, outputTokens: 0 },
  latencyMs: 0,
  raw: { control: subject },
});
