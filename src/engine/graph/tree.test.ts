import { expect, test } from "vitest";
import { tensor } from "#base";
import { joinPath, leavesOf, mapTree, showType, subtreeAt, tensorType, typesOf } from "./tree.ts";

const type = tensorType("float32", ["B", 4]);
const tree = { blocks: [{ weight: type }, { weight: tensorType("int64", [2]) }], absent: undefined };

test("leavesOf() names every leaf by its path", () => {
  expect([...leavesOf(tree).keys()]).toEqual(["blocks.0.weight", "blocks.1.weight"]);
  expect([...leavesOf(tree, "given").keys()][0]).toBe("given.blocks.0.weight");
});

test("mapTree() keeps the structure", () => {
  expect(mapTree(tree, (_leaf, path) => path)).toEqual({
    blocks: [{ weight: "blocks.0.weight" }, { weight: "blocks.1.weight" }],
    absent: undefined,
  });
});

test("typesOf() forgets the numbers of a tree of tensors", () => {
  expect(typesOf({ x: tensor([2], [1, 2]) })).toEqual({ x: { dtype: "float32", shape: [2] } });
});

test("subtreeAt() finds a branch, and names the nearest when there is none", () => {
  expect(subtreeAt(tree, "blocks.1")).toBe(tree.blocks[1]);
  expect(() => subtreeAt(tree, "block.1")).toThrow(
    expect.objectContaining({ code: "TREE_MISMATCH", message: expect.stringContaining("blocks") }),
  );
});

test("leavesOf() refuses what is neither leaf nor branch", () => {
  expect(() => leavesOf({ x: 3 })).toThrow(expect.objectContaining({ code: "TREE_MISMATCH" }));
  expect(() => leavesOf({ x: new Float32Array(2) })).toThrow(/got Float32Array/);
});

test("showType() and joinPath() write types and paths as messages do", () => {
  expect(showType(type)).toBe("float32 [B, 4]");
  expect(joinPath(joinPath("", "a"), "b")).toBe("a.b");
});
