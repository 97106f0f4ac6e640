import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigReader } from "./config-reader.ts";

test("ConfigReader lists the keys that nobody asked for, by path, and none that are known to be inert", () => {
  const reader = new ConfigReader("llama", {
    hidden_size: 8,
    mystery: 1,
    torch_dtype: "float32",
    rope: { a: 1, b: 2 },
  });

  reader.count("hidden_size");
  reader.branch("rope")!.number("a");

  expect(reader.unknown()).toEqual(["mystery", "rope.b"]);
});

test("ConfigReader takes null for absent", () => {
  const reader = new ConfigReader("llama", { heads: null });

  expect(reader.count("heads", 4)).toBe(4);
  expect(reader.has("heads")).toBe(false);
  expect(reader.branch("heads")).toBeUndefined();
});

test("ConfigReader refuses a value outside the list by its key, and lets an absent one pass", () => {
  const reader = new ConfigReader("llama", { act: "relu", alibi: true });

  expect(() => reader.only("alibi", false)).toThrow(
    'llama: Expected false for "alibi", got true, which would change the numbers and is not implemented',
  );
  expect(() => reader.oneOf("act", { silu: 1 })).toThrow('Expected "silu" for "act", got "relu"');
  expect(() => reader.only("absent", false)).not.toThrow();
});

test("ConfigReader answers any JSON with a value of the right kind or CONFIG_INVALID", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const reader = new ConfigReader("llama", { key: value });
      for (const read of [
        () => reader.count("key"),
        () => reader.number("key"),
        () => reader.flag("key", true),
        () => reader.branch("key"),
      ]) {
        try {
          const found = read();
          if (typeof found === "number") expect(Number.isFinite(found)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: "CONFIG_INVALID" });
        }
      }
    }),
  );
});
