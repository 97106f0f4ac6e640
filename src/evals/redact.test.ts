import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor, secretsIn } from "./redact.ts";

const secret = "s3cr3t+with/odd=chars";

test("secretsIn() takes the values of names that hold KEY, TOKEN, SECRET or PASSWORD as a word", () => {
  const environment = {
    OPENAI_API_KEY: "sk-aaaaaaaa",
    HF_TOKEN: "hf_bbbbbbbb",
    AWS_SECRET_ACCESS_KEY: "cccccccc",
    DB_PASSWORD: "dddddddd",
    TOKENIZERS_PARALLELISM: "disabled-for-all",
    KEYBOARD: "querty-us",
    MAX_TOKENS: "300",
    SSH_KEY_FILE: "/home/me/.ssh/key",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/token",
    GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json",
    OTHER_KEY: "./keys/mine",
    THIRD_KEY: "~/keys/mine",
    HOME: "/home/me-and-you",
  };

  expect(secretsIn(environment)).toEqual(["sk-aaaaaaaa", "hf_bbbbbbbb", "cccccccc", "dddddddd"]);
});

test("secretsIn() takes a key for no path because of how it begins", () => {
  const keys = ["/bCdEfGhIjKl+mNo/pQrStUvWxYz0123456789abc", "~Q8abcdefghij", ".Q8abcdefghij", "//8abcdefghij"];

  expect(keys.map((value) => secretsIn({ AWS_SECRET_ACCESS_KEY: value }))).toEqual(keys.map((value) => [value]));
});

test("createRedactor() finds a secret anywhere in a JSON value, in every form it travels in", () => {
  const { json } = createRedactor({ MY_API_KEY: secret });
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];

  fc.assert(
    fc.property(fc.string(), fc.string(), fc.constantFrom(...forms), (before, after, form) => {
      const value = { list: [1, { deep: `${before}${form}${after}` }], [`${form}`]: null };
      expect(JSON.stringify(json(value))).not.toContain(JSON.stringify(form).slice(1, -1));
    }),
  );
});

test("createRedactor() changes nothing in an answer that holds no known secret", () => {
  const { json } = createRedactor({ MY_API_KEY: secret });
  const value = { text: "curl https://x/?key=abcdefghijk -H 'Authorization: Bearer abcdefghijk'", n: [1, null, true] };

  expect(json(value)).toEqual(value);
});

test("createRedactor() takes lookalikes and control characters out of messages", () => {
  const { message } = createRedactor({});
  const leaks = [
    "Authorization: Bearer abcdefgh12345678",
    "GET https://host/v1?key=abcdefgh12345678&x=1",
    "Incorrect API key provided: sk-abcdefgh12345678",
    "x-goog-api-key: abcdefgh12345678",
    '{"x-api-key":"abcdefgh12345678"}',
    "AIzaabcdefgh12345678abcdefgh12345678abc",
    "http://me:abcdefgh12345678@host/",
  ];

  for (const leak of leaks) expect(message(leak), leak).not.toContain("abcdefgh12345678");
  expect(message("\u001b[2Jred\u0007 line\nnext")).toBe("[2Jred line\nnext");
  expect(message("500 down at https://host/v1?limit=3")).toBe("500 down at https://host/v1?limit=3");
});
