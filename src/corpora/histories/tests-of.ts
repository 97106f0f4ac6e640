/** Tests that the generated repositories bring along: what their builds run. */

const head = 'import assert from "node:assert/strict";\nimport { test } from "node:test";\n';

/** For `diff` 9. */
const diff = `${head}import { applyPatch, createTwoFilesPatch, diffArrays, diffChars, diffJson, diffLines, diffSentences, diffTrimmedLines, diffWords, parsePatch, reversePatch } from "../src/index.js";

const shown = (changes) => changes.map(({ added, removed, value }) => (added ? "+" : removed ? "-" : " ") + value);
const old = "one\\ntwo\\nthree\\nfour\\nfive\\nsix\\nseven\\neight\\nnine\\nten\\n";
const young = "one\\n2\\nthree\\nfour\\nfive\\nsix\\nseven\\neight\\nnine\\nten\\neleven\\n";

test("characters that changed are found", () => {
  assert.deepEqual(shown(diffChars("abcd", "axcde")), [" a", "-b", "+x", " cd", "+e"]);
});
test("words keep the white space around them", () => {
  assert.deepEqual(shown(diffWords("the quick fox", "the slow fox")), [" the ", "-quick", "+slow", "  fox"]);
});
test("an inserted word takes one space along", () => {
  assert.deepEqual(shown(diffWords("a c", "a b c")), [" a ", "+b ", " c"]);
});
test("sentences are told apart by their points", () => {
  assert.deepEqual(shown(diffSentences("Hello. Go away.", "Hello. Stay here.")), [" Hello. ", "-Go away.", "+Stay here."]);
});
test("lines are compared with their ends", () => {
  assert.deepEqual(shown(diffLines("a\\nb\\n", "a\\nc\\n")), [" a\\n", "-b\\n", "+c\\n"]);
});
test("spaces around lines can be ignored", () => {
  assert.deepEqual(shown(diffTrimmedLines("a\\n b\\n", "a\\nb \\n")), [" a\\nb \\n"]);
});
test("objects are compared in the order of their keys", () => {
  assert.deepEqual(shown(diffJson({ b: 1, a: 2 }, { a: 2, b: 3 })).join(""), ' {\\n  "a": 2,\\n-  "b": 1\\n+  "b": 3\\n }');
});
test("lists are compared member by member", () => {
  assert.equal(diffArrays([1, 2, 3], [1, 3, 4]).map(({ value, added, removed }) => (added ? "+" : removed ? "-" : " ") + value).join(), " 1,-2, 3,+4");
});
test("a patch has two parts where changes are far apart", () => {
  const text = createTwoFilesPatch("old.txt", "new.txt", old, young, undefined, undefined, { context: 2 });
  assert.deepEqual(text.split("\\n").filter((line) => line.startsWith("@@")), ["@@ -1,4 +1,4 @@", "@@ -9,2 +9,3 @@"]);
});
test("a patch makes the new text of the old one", () => {
  assert.equal(applyPatch(old, createTwoFilesPatch("a", "b", old, young)), young);
});
test("a patch is found where lines were put in front", () => {
  const moved = "zero\\nzero\\n" + old;
  assert.equal(applyPatch(moved, createTwoFilesPatch("a", "b", old, young)), "zero\\nzero\\n" + young);
});
test("a patch that does not fit is refused", () => {
  assert.equal(applyPatch("something\\nelse\\n", createTwoFilesPatch("a", "b", old, young)), false);
});
test("a patch may differ in a line when that is allowed", () => {
  const other = old.replace("four", "FOUR");
  assert.equal(applyPatch(other, createTwoFilesPatch("a", "b", old, young), { fuzzFactor: 1 }), young.replace("four", "FOUR"));
});
test("a missing end of the last line is kept", () => {
  const patch = createTwoFilesPatch("a", "b", "x\\ny", "x\\nz");
  assert.equal(patch.split("\\n").filter((line) => line.startsWith("\\\\")).length, 2);
  assert.equal(applyPatch("x\\ny", patch), "x\\nz");
});
test("a patch turned round leads back", () => {
  const [patch] = parsePatch(createTwoFilesPatch("a", "b", old, young));
  assert.equal(applyPatch(young, reversePatch(patch)), old);
});
test("the parts of a patch are read with their lines", () => {
  const [{ oldFileName, newFileName, hunks }] = parsePatch("--- a/x\\n+++ b/y\\n@@ -3,2 +3,3 @@\\n same\\n+new\\n same\\n");
  assert.deepEqual({ oldFileName, newFileName, hunks }, { oldFileName: "a/x", newFileName: "b/y", hunks: [{ oldStart: 3, oldLines: 2, newStart: 3, newLines: 3, lines: [" same", "+new", " same"] }] });
});
test("a patch that counts wrongly is refused", () => {
  assert.throws(() => parsePatch("--- a\\n+++ b\\n@@ -1,3 +1,1 @@\\n one\\n"));
});
test("an edit that is too long is given up", () => {
  assert.equal(diffChars("abcdefgh", "12345678", { maxEditLength: 3 }), undefined);
});
test("capitals can be ignored", () => {
  assert.deepEqual(shown(diffWords("Hello World", "hello there", { ignoreCase: true })), [" hello ", "-World", "+there"]);
});
`;

/** For `yaml` 2. */
const yaml = `${head}import { isMap, isSeq, parse, parseAllDocuments, parseDocument, stringify, visit, YAMLMap } from "../src/index.js";

test("a mapping of plain values is read", () => {
  assert.deepEqual(parse("a: 1\\nb: true\\nc: null\\nd: text\\ne: 1.5\\nf: 0x1F\\n"), { a: 1, b: true, c: null, d: "text", e: 1.5, f: 31 });
});
test("sequences may stand in mappings without indent", () => {
  assert.deepEqual(parse("list:\\n- a\\n- b: 1\\n  c: 2\\n"), { list: ["a", { b: 1, c: 2 }] });
});
test("flow collections may run over lines", () => {
  assert.deepEqual(parse("{ a: [1, 2,\\n 3], b: { c: d } }"), { a: [1, 2, 3], b: { c: "d" } });
});
test("literal blocks keep their lines", () => {
  assert.deepEqual(parse("a: |\\n  one\\n   two\\n\\n  three\\nb: |-\\n  x\\n"), { a: "one\\n two\\n\\nthree\\n", b: "x" });
});
test("folded blocks join their lines", () => {
  assert.deepEqual(parse("a: >\\n  one\\n  two\\n\\n  three\\nb: >+\\n  x\\n\\n"), { a: "one two\\nthree\\n", b: "x\\n\\n" });
});
test("quoted text knows its escapes", () => {
  assert.deepEqual(parse("- \\"a\\\\tb\\\\u0041\\"\\n- 'it''s'\\n- \\"two\\n  lines\\"\\n"), ["a\\tbA", "it's", "two lines"]);
});
test("an alias is the value of its anchor", () => {
  assert.deepEqual(parse("a: &x [1, 2]\\nb: *x\\n"), { a: [1, 2], b: [1, 2] });
});
test("merge keys fill in what is missing", () => {
  assert.deepEqual(parse("base: &b { x: 1, y: 2 }\\nmore:\\n  <<: *b\\n  y: 3\\n", { merge: true }).more, { x: 1, y: 3 });
});
test("several documents are told apart", () => {
  assert.deepEqual(parseAllDocuments("a\\n---\\nb\\n...\\n---\\nc\\n").map((doc) => doc.toJS()), ["a", "b", "c"]);
});
test("a repeated key is an error", () => {
  assert.match(parseDocument("a: 1\\na: 2\\n").errors[0].message, /Map keys must be unique/);
});
test("a tab in the indent is an error", () => {
  assert.equal(parseDocument("a:\\n\\tb: 1\\n").errors.length > 0, true);
});
test("an error says its line", () => {
  assert.deepEqual(parseDocument("a: [1, 2\\nb: 3\\n").errors[0].linePos[0].line, 2);
});
test("text that looks like something else is quoted", () => {
  assert.equal(stringify(["true", "1", "a: b", "- x", "", "plain"]), '- "true"\\n- "1"\\n- "a: b"\\n- "- x"\\n- ""\\n- plain\\n');
});
test("long text is folded", () => {
  const text = "word ".repeat(30).trim();
  assert.equal(parse(stringify({ text })).text, text);
  assert.equal(stringify({ text }).split("\\n").every((line) => line.length <= 80), true);
});
test("text of several lines becomes a block", () => {
  assert.equal(stringify({ a: "one\\ntwo\\n", b: "x\\ny" }), "a: |\\n  one\\n  two\\nb: |-\\n  x\\n  y\\n");
});
test("nested collections are indented", () => {
  assert.equal(stringify({ a: { b: [1, { c: 2 }] }, d: [] }), "a:\\n  b:\\n    - 1\\n    - c: 2\\nd: []\\n");
});
test("comments stay where they were", () => {
  const text = "# top\\n\\na: 1 # one\\n# before b\\nb: 2\\n";
  assert.equal(String(parseDocument(text)), text);
});
test("a document is changed in place", () => {
  const doc = parseDocument("a:\\n  - b: 1\\n");
  doc.setIn(["a", 0, "c"], 2);
  doc.deleteIn(["a", 0, "b"]);
  assert.equal(doc.hasIn(["a", 0, "b"]), false);
  assert.equal(String(doc), "a:\\n  - c: 2\\n");
});
test("equal objects become one anchor", () => {
  const shared = { x: 1 };
  assert.equal(stringify({ a: shared, b: shared }), "a: &a1\\n  x: 1\\nb: *a1\\n");
});
test("a walk sees every pair and can leave some out", () => {
  const doc = parseDocument("a: 1\\nb: [2, 3]\\n");
  const seen = [];
  visit(doc, { Scalar: (key, node) => { seen.push(node.value); return node.value === 2 ? visit.REMOVE : undefined; } });
  assert.deepEqual(seen, ["a", 1, "b", 2, 3]);
  assert.deepEqual(doc.toJS(), { a: 1, b: [3] });
});
test("numbers are written as they are read", () => {
  assert.equal(stringify([1.5, -0, 1e21, Number.NaN, Infinity, 0.1]), "- 1.5\\n- -0\\n- 1e+21\\n- .nan\\n- .inf\\n- 0.1\\n");
});
test("tags decide what a text is", () => {
  assert.deepEqual(parse("- !!str 1\\n- !!int '2'\\n"), ["1", 2]);
  assert.equal(isSeq(parseDocument("[]").contents) && isMap(new YAMLMap()), true);
});
`;

/** For `hyparquet` 1. */
const hyparquet = `${head}import { snappyUncompress, flatten, toJson } from "../src/index.js";
import { byteStreamSplit, readRleBitPackedHybrid } from "../src/encoding.js";
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from "../src/delta.js";
import { readPlain } from "../src/plain.js";
import { deserializeTCompactProtocol, readVarInt, readZigZag } from "../src/thrift.js";
import { xxhash64 } from "../src/xxhash.js";
import { wkbToGeojson } from "../src/wkb.js";
import { columnsNeededForFilter, intersectRanges, matchFilter, unionRanges } from "../src/filter.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath, isListLike, isMapLike } from "../src/schema.js";
import { parseDecimal, parseFloat16 } from "../src/convert.js";
import { assembleLists } from "../src/assemble.js";

const view = (...bytes) => ({ view: new DataView(Uint8Array.from(bytes).buffer), offset: 0 });

test("compressed text of literals and copies is unpacked", () => {
  const output = new Uint8Array(8);
  snappyUncompress(Uint8Array.from([8, 0x04, 104, 121, 0x01, 2, 0x04, 33, 33]), output);
  assert.equal(String.fromCharCode(...output), "hyhyhy!!");
});
test("compressed text that is cut short is refused", () => {
  assert.throws(() => snappyUncompress(Uint8Array.from([10, 0x10, 104]), new Uint8Array(10)));
});
test("numbers of seven-bit groups are read", () => {
  assert.deepEqual([readVarInt(view(0x96, 1)), readVarInt(view(5)), readZigZag(view(3)), readZigZag(view(4))], [150, 5, -2, 2]);
});
test("a record of the compact protocol is read field by field", () => {
  const reader = view(0x15, 4, 0x18, 2, 104, 105, 0x11, 0x12, 0x19, 0x25, 2, 4, 0);
  const read = deserializeTCompactProtocol(reader);
  assert.deepEqual([read.field_1, String.fromCharCode(...read.field_2), read.field_3, read.field_4, read.field_5], [2, "hi", true, false, [1, 2]]);
});
test("runs and packed bits are unpacked", () => {
  const output = new Uint8Array(12);
  readRleBitPackedHybrid(view(8, 1, 3, 0b10001000, 0b11000110), 1, output, 5);
  assert.deepEqual([...output], [1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
});
test("differences of equal size are summed up", () => {
  const output = new Int32Array(5);
  deltaBinaryUnpack(view(128, 1, 4, 5, 2, 2, 0, 0, 0, 0), 5, output);
  assert.deepEqual([...output], [1, 2, 3, 4, 5]);
});
test("plain values are read by their kind", () => {
  assert.deepEqual([...readPlain(view(1, 0, 0, 0, 255, 255, 255, 255), "INT32", 2)], [1, -1]);
  assert.deepEqual(readPlain(view(0b101), "BOOLEAN", 3), [true, false, true]);
  assert.deepEqual(readPlain(view(2, 0, 0, 0, 104, 105), "BYTE_ARRAY", 1).map((bytes) => String.fromCharCode(...bytes)), ["hi"]);
  assert.deepEqual([...readPlain(view(0, 0, 192, 63), "FLOAT", 1)], [1.5]);
});
test("texts of several lengths have their hash", () => {
  const hash = (text) => xxhash64(new TextEncoder().encode(text)).toString(16);
  assert.deepEqual(["", "a", "abc", "hello parquet", "x".repeat(40)].map(hash), ["ef46db3751d8e999", "d24ec4f1a98c6e5b", "44bc2cf5ad770999", "265a49233e626eee", "926f564e1b3e18d5"]);
});
test("a point and a line are read", () => {
  const point = Uint8Array.from([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 240, 63, 0, 0, 0, 0, 0, 0, 0, 64]);
  const reader = { view: new DataView(point.buffer), offset: 0 };
  assert.deepEqual(wkbToGeojson(reader), { type: "Point", coordinates: [1, 2] });
});
test("rows are matched by conditions", () => {
  const row = { a: 5, b: "x", c: null };
  const matches = [{ a: { $gt: 4 } }, { a: { $gte: 6 } }, { a: { $lt: 5 } }, { a: { $lte: 5 } }, { a: { $ne: 5 } }, { b: { $in: ["x", "y"] } }, { b: { $nin: ["x"] } }, { $and: [{ a: 5 }, { b: "x" }] }, { $or: [{ a: 1 }, { b: "x" }] }, { $nor: [{ a: 5 }] }];
  assert.deepEqual(matches.map((filter) => matchFilter(row, filter)), [true, false, false, true, false, true, false, true, true, false]);
});
test("ranges of rows are cut and joined", () => {
  const [a, b] = [[[0, 5], [8, 12]], [[3, 9], [12, 14]]];
  assert.deepEqual(intersectRanges(a, b), [[3, 5], [8, 9]]);
  assert.deepEqual(unionRanges(a, b), [[0, 14]]);
});
test("a condition names the columns that it needs", () => {
  assert.deepEqual(columnsNeededForFilter({ $and: [{ a: 1 }, { $or: [{ "b.c": 2 }, { a: 3 }] }] }), ["a", "b"]);
});
test("bytes of a stream are put together again", () => {
  assert.deepEqual([...byteStreamSplit(view(0, 0, 0, 0, 128, 0, 63, 64), 2, "FLOAT")], [1, 2]);
});
test("texts are read by their lengths and by what they share", () => {
  const text = (list) => list.map((bytes) => String.fromCharCode(...bytes));
  const output = new Array(2);
  deltaLengthByteArray(view(128, 1, 4, 2, 4, 2, 0, 0, 0, 0, 104, 105, 98, 121, 101), 2, output);
  assert.deepEqual(text(output), ["hi", "bye"]);
});
const leaf = (name, repetition_type) => ({ element: { name, repetition_type, type: "INT32" }, children: [], count: 1, path: [name] });
const list = { element: { name: "l", repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 }, children: [{ element: { name: "list", repetition_type: "REPEATED", num_children: 1 }, children: [leaf("element", "OPTIONAL")], count: 2, path: ["l", "list"] }], count: 3, path: ["l"] };
test("levels of a schema are counted", () => {
  const path = [{ element: { name: "root", repetition_type: "REQUIRED" }, children: [list], path: [] }, list, list.children[0], list.children[0].children[0]];
  assert.deepEqual([getMaxDefinitionLevel(path), getMaxRepetitionLevel(path)], [3, 1]);
});
test("a list is told from a mapping", () => {
  assert.deepEqual([isListLike(list), isMapLike(list)], [true, false]);
});
test("nested lists are put together by their levels", () => {
  const path = [{ element: { name: "root" }, children: [list], path: [] }, list, list.children[0], list.children[0].children[0]];
  assert.deepEqual(assembleLists([], [3, 3, 0, 1, 3, 2], [0, 1, 0, 0, 0, 1], [1, 2, 3], path), [[[1, 2]], [], [[]], [[3, null]]]);
});
test("a path of a schema leads to its leaf", () => {
  const schema = [{ name: "root", num_children: 2 }, { name: "a", type: "INT32" }, { name: "b", num_children: 1 }, { name: "c", type: "INT32" }];
  assert.deepEqual(getSchemaPath(schema, ["b", "c"]).map(({ element }) => element.name), ["root", "b", "c"]);
  assert.throws(() => getSchemaPath(schema, ["b", "d"]));
});
test("decimals, half floats and old dates are converted", () => {
  assert.deepEqual([parseDecimal(Uint8Array.of(1, 0)), parseDecimal(Uint8Array.of(255))], [256, -1]);
  assert.deepEqual([parseFloat16(Uint8Array.of(0, 0x3e)), parseFloat16(Uint8Array.of(0, 0xc0)), parseFloat16(Uint8Array.of(0, 0x7c))], [1.5, -2, Infinity]);
});
test("chunks are made flat and big numbers written as numbers", () => {
  assert.deepEqual(flatten([[1, 2], [3]]), [1, 2, 3]);
  assert.deepEqual(toJson({ a: 1n, b: [2n, undefined], c: Uint8Array.of(1) }), { a: 1, b: [2, null], c: [1] });
});
`;

/** The text of a package's tests, by its name. */
export const testsOf: Readonly<Record<string, string>> = { diff, hyparquet, yaml };
