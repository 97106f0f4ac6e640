import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { HUB_URL } from "@huggingface/hub";
import { expect, onTestFinished, test } from "vitest";
import { hubSettings } from "./hub-settings.ts";

const secret = "hf_secret";

test("hubSettings() reads the variables that the ecosystem uses", () => {
  const home = mkdtempSync(join(tmpdir(), "assay-hub-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, "token"), `${secret}\n`);

  expect(hubSettings({ HF_HOME: home })).toEqual({
    endpoint: HUB_URL,
    cacheFolder: join(home, "hub"),
    token: secret,
    offline: false,
  });
  const set = hubSettings({
    HF_HOME: home,
    HF_TOKEN: " a ",
    HF_HUB_CACHE: "~/c",
    HF_ENDPOINT: "http://h/",
    HF_HUB_OFFLINE: "Yes",
  });
  expect(set).toEqual({ endpoint: "http://h", cacheFolder: join(homedir(), "c"), token: "a", offline: true });
  expect(hubSettings({ XDG_CACHE_HOME: "/x" }).cacheFolder).toBe(join("/x", "huggingface", "hub"));
});
