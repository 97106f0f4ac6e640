import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ChatMessage, loadChatTemplate, readChatTemplates, renderChat } from "#formats";
import golden from "../golden/formats/chat.golden.json" with { type: "json" };
import { scratchFolder } from "./scratch-folder.ts";

type Case = {
  name: keyof typeof golden.templates;
  messages: ChatMessage[];
  add_generation_prompt: boolean;
  tools?: unknown[];
  text?: string;
  refused?: string;
};

const cases = golden.cases as unknown as Case[];
const tokens = { bosToken: "<s>", eosToken: "</s>" };

test.each(Object.keys(golden.templates))("renderChat() writes what transformers writes: %s", (style) => {
  for (const { name, messages, add_generation_prompt: addGenerationPrompt, tools, text, refused } of cases) {
    if (name !== style) continue;
    const render = () =>
      renderChat(golden.templates[name], messages, { ...tokens, addGenerationPrompt, ...(tools ? { tools } : {}) });
    if (refused === undefined) expect(render()).toBe(text);
    else expect(render).toThrow(refused);
  }
});

test("renderChat() gives a template the date that it is told, and always the same one otherwise", () => {
  const template = "{{ strftime_now('%d %b %Y, %-d %B %y %A %H:%M:%S %I %p %j %% %Q') }}";

  expect(renderChat(template, [])).toBe("26 Jul 2024, 26 July 24 Friday 00:00:00 12 AM 208 % %Q");
  expect(renderChat(template, [], { now: new Date("2026-01-05T13:04:09Z") })).toBe(
    "05 Jan 2026, 5 January 26 Monday 13:04:09 01 PM 005 % %Q",
  );
});

test("renderChat() passes further variables on, over its own", () => {
  expect(
    renderChat("{{ date_string }}{{ bos_token }}", [], { variables: { date_string: "now", bos_token: "B" } }),
  ).toBe("nowB");
});

test("renderChat() says what is wrong with a template", () => {
  expect(() => renderChat("{% for %}", [])).toThrow("chat: Expected a template that can be run");
  expect(() => renderChat("{{ raise_exception('No system role') }}", [])).toThrow('got "No system role"');
});

test("readChatTemplates() finds templates in every place that they are kept", () => {
  const folder = scratchFolder();
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);

  expect([...readChatTemplates(folder)]).toEqual([]);
  expect(() => loadChatTemplate(folder)).toThrow("a base model has none");
  write("tokenizer_config.json", JSON.stringify({ chat_template: "field", bos_token: { content: "<s>" } }));
  expect(loadChatTemplate(folder)).toEqual({ source: "field", bosToken: "<s>" });
  const named = [
    { name: "default", template: "A" },
    { name: "tool_use", template: "B" },
  ];
  write("tokenizer_config.json", JSON.stringify({ chat_template: named }));
  expect([...readChatTemplates(folder)]).toEqual([
    ["default", "A"],
    ["tool_use", "B"],
  ]);
  write("chat_template.jinja", "file");
  mkdirSync(join(folder, "additional_chat_templates"));
  write("additional_chat_templates/rag.jinja", "R");
  expect(loadChatTemplate(folder).source).toBe("file");
  expect(loadChatTemplate(folder, "rag").source).toBe("R");
  expect(() => loadChatTemplate(folder, "tool-use")).toThrow('did you mean "tool_use"?');
  write("tokenizer_config.json", JSON.stringify({ chat_template: [1] }));
  expect(() => readChatTemplates(folder)).toThrow("to be text or named texts");
});

test.each(["[null]", "5", "true", '[{"name":"a"}]'])("readChatTemplates() refuses the field %s", (field) => {
  const folder = scratchFolder();
  writeFileSync(join(folder, "tokenizer_config.json"), `{"chat_template":${field}}`);

  expect(() => readChatTemplates(folder)).toThrow("to be text or named texts, got another value");
});
