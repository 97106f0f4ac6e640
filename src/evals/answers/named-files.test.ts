import fc from "fast-check";
import { expect, test } from "vitest";
import { namedFiles, type ReplyProfile } from "./named-files.ts";

const candidates = ["a.py", "src/b.py", "c d.py"];
const read = (reply: string, profile: ReplyProfile) => namedFiles(reply, { profile, candidates });
const object = '{"files": ["src/b.py", "made-up.py", "a.py"]}';

test.each([
  ["a JSON object", object, ["src/b.py", "a.py"], ["src/b.py", "made-up.py", "a.py"]],
  ["a json block", `Sure.\n\`\`\`json\n${object}\n\`\`\``, ["src/b.py", "a.py"], ["src/b.py", "made-up.py", "a.py"]],
  ["a block without its language", `\`\`\`\n${object}\n\`\`\``, [], ["src/b.py", "made-up.py", "a.py"]],
  ["an object in prose", `I think ${object} it is`, [], ["src/b.py", "made-up.py", "a.py"]],
  ["lines", "a.py\nnothing\nc d.py", ["a.py", "c d.py"], null],
  ["another key", '{"paths": ["a.py"]}', [], null],
  ["a bare list", '["a.py"]', [], null],
  ["an empty object", "{}", [], null],
  ["an empty list of files", '{"files": []}', [], []],
  ["a nested object", '{"files": [{"path": "a.py"}]}', [], null],
  ["files that are no list", '{"files": "a.py"}', [], null],
  ["entries that are no text", '{"files": ["a.py", 7, null]}', ["a.py"], ["a.py"]],
  ["a refusal", "I cannot help.", [], null],
  ["nothing", "", [], null],
])("namedFiles() reads %s as 2024 and as 2025 do", (_, reply, as2024, as2025) => {
  expect(read(reply, "2024")).toEqual(as2024);
  expect(read(reply, "2025")).toEqual(as2025);
});

test("namedFiles() leniently reads what the authors lose", () => {
  expect(read('["a.py", "x"]', "lenient")).toEqual(["a.py", "x"]);
  expect(read("1. `src/b.py`\n- a.py,\n* **no**\n", "lenient")).toEqual(["src/b.py", "a.py"]);
  expect(read("I cannot help.", "lenient")).toBeNull();
  expect(read(object, "lenient")).toEqual(read(object, "2025"));
});

test("namedFiles() reads any reply without failing", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"files"',
    ":",
    '"a.py"',
    ",",
    "```",
    "json",
    "\n",
    "a.py",
    " ",
    "\ud800",
  );

  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom("2024", "2025", "lenient"), (pieces, profile) => {
      const files = read(pieces.join(""), profile);

      expect(files === null || files.every((one) => typeof one === "string")).toBe(true);
    }),
  );
});
