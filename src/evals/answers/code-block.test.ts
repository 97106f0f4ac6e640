import fc from "fast-check";
import { expect, test } from "vitest";
import { codeBlock } from "./code-block.ts";

test.each([
  ["Sure!\n```python\nx = 1\n```\nDone. ```python\ny\n```", "x = 1"],
  ["```\nfirst\n```\n```python\nsecond\n```", "second"],
  ["```js\nlet x\n```", "js\nlet x"],
  ["```python\nno end", "no end"],
  ["a ``` b", "b"],
  ["<code> y = 2 </code> <code>z</code>", "y = 2"],
  ["<code>open", "open"],
  ["  plain()\n", "plain()"],
  ["", ""],
  ["```", ""],
  ["``````", ""],
])("codeBlock() finds the code in %j", (answer, code) => {
  expect(codeBlock(answer)).toBe(code);
});

test("codeBlock() gives back code that was put into a block, once white space around it is gone", () => {
  const code = fc.string({ unit: fc.constantFrom("x", "=", " ", "\n", "é", "(", ")", "#") });

  fc.assert(
    fc.property(code, fc.constantFrom("Here:\n", ""), (text, before) => {
      expect(codeBlock(`${before}\`\`\`python\n${text}\n\`\`\`\nBye`)).toBe(text.trim());
    }),
  );
});
