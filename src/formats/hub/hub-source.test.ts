import { expect, test } from "vitest";
import { isHubSource, parseHubSource } from "./hub-source.ts";

test("parseHubSource() reads a name and a revision, and refuses what is none", () => {
  expect(parseHubSource("hf:gpt2")).toEqual({ name: "gpt2", revision: "main" });
  expect(parseHubSource("hf:org/name.v1@refs/pr/3")).toEqual({ name: "org/name.v1", revision: "refs/pr/3" });
  expect(isHubSource("./folder")).toBe(false);
  for (const wrong of ["org/name", "hf:", "hf:a/b/c", "hf:../x", "hf:org/..", "hf:org/x@../../y", "hf:org/x@"]) {
    expect(() => parseHubSource(wrong)).toThrow("Expected hf:organisation/name");
  }
});
