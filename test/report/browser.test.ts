import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "#report";
import { sampleReport } from "./sample-report.ts";

const executablePath = findChromium();
if (executablePath === undefined) console.log("test/report/browser.test.ts skips: no chromium on PATH");

describe.skipIf(executablePath === undefined)("a report in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-report-"));
  const file = pathToFileURL(join(folder, "report.html")).href;
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(join(folder, "report.html"), [...renderHtml(await sampleReport({ samples: 30 }))].join(""));
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox", "--disable-gpu"] });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the report, does something there, and returns what it found with everything the browser complained about. */
  async function visit<Found>(look: (page: Page) => Promise<Found>, { width = 1280, script = true } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: script });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(file);
    const found = await look(page);
    await context.close();
    return {
      found,
      complaints,
      requests: requests.filter((url) => url.split("#")[0] !== file && !url.startsWith("data:")),
    };
  }

  test("it asks the network for nothing and complains about nothing, with every group open and every picture seen", async () => {
    const { found, complaints, requests } = await visit(async (page) => {
      await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
      for (const picture of await page.locator(".group img").all()) await picture.scrollIntoViewIfNeeded();
      await page.waitForFunction("[...document.images].every((image) => image.complete && image.naturalWidth > 0)");
      return page.title();
    });

    expect(found).toBe("MMNeedle: needles in multimodal haystacks");
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  });

  test("it shows the paper's table with the measured rows, those apart under it, and n on demand", async () => {
    const { found } = await visit(async (page) => {
      const n = page.locator("td .n").first();
      const before = await n.isVisible();
      await page.getByLabel("Show n in each cell").check();
      const rows = await page.locator(".table tbody bdi, .table .divider th").allTextContents();
      return {
        before,
        after: await n.isVisible(),
        rows,
      };
    });

    expect([found.before, found.after]).toEqual([false, true]);
    expect(found.rows.slice(-4)).toEqual([
      "openai/gpt-example",
      "Measured here, not comparable with the paper",
      "./folder",
      "baseline:random",
    ]);
  });

  test("a click on a cell of a figure opens the group of samples behind it", async () => {
    const { found } = await visit(async (page) => {
      await page.locator("#figure-heat4 a").first().click();
      const group = page.locator("#group-M1-N4-K1_2f_positive");
      await group.locator(".sample").first().waitFor({ state: "visible" });
      return { open: await group.getAttribute("open"), others: await page.locator("details.group[open]").count() };
    });

    expect(found).toEqual({ open: "", others: 1 });
  });

  test("a click on a measured number opens its group with that subject's answers", async () => {
    const { found } = await visit(async (page) => {
      await page.locator(".measured td a").first().click();
      await page.locator("details.group[open]").waitFor();
      return new Set(await page.locator("details.group[open] .answer:not([hidden]) .who bdi").allTextContents());
    });

    expect(found).toEqual(new Set(["openai/gpt-example"]));
  });

  test("a filter leaves the answers of its kind, counts them, and `all` brings the others back", async () => {
    const { found } = await visit(async (page) => {
      await page.evaluate("document.querySelector('details.group').open = true");
      const group = page.locator("details.group").first();
      const kinds = async () => new Set(await group.locator(".answer:not([hidden]) .word").allTextContents());
      const counts: string[] = [];
      const seen: Set<string>[] = [await kinds()];
      for (const name of ["wrong", "no answer", "all"]) {
        await group.getByRole("button", { name }).click();
        seen.push(await kinds());
        counts.push(await group.locator("output").innerText());
      }
      return { seen, counts };
    });

    const everything = new Set(["right", "wrong", "no answer"]);
    expect(found.seen).toEqual([everything, new Set(["wrong"]), new Set(["no answer"]), everything]);
    expect(found.counts.map((count) => /^\d+ shown$/.test(count))).toEqual([true, true, false]);
  });

  test("the keyboard reaches a figure's cells, opens a group and enlarges a picture", async () => {
    const { found } = await visit(async (page) => {
      await page.locator("#figure-heat2 a").first().focus();
      await page.keyboard.press("Enter");
      await page.locator("details.group[open] button.picture").first().focus();
      await page.keyboard.press("Enter");
      const isOpen = await page.locator("#viewer img").isVisible();
      await page.keyboard.press("Escape");
      return { isOpen, isClosed: await page.locator("#viewer").isHidden() };
    });

    expect(found).toEqual({ isOpen: true, isClosed: true });
  });

  test("it never scrolls sideways on a phone; its tables do, with the subject in sight", async () => {
    const { found } = await visit(
      async (page) => {
        await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
        const table = page.locator(".table .scroll");
        const stays = table.locator("tbody th").first();
        const before = (await stays.boundingBox())!.x;
        await table.evaluate((element) => element.scrollTo(300, 0));
        const after = (await stays.boundingBox())!.x;
        return { page: await page.evaluate("document.documentElement.scrollWidth"), moved: Math.abs(after - before) };
      },
      { width: 390 },
    );

    expect(found.page).toBe(390);
    expect(found.moved).toBeLessThan(1);
  });

  test("everything can be read without script, and every link within it leads somewhere", async () => {
    const { found } = await visit(
      async (page) => {
        await page.locator("details.group > summary").first().click();
        const links = await page
          .locator("a[href^='#']")
          .evaluateAll((all) => all.map((one) => one.getAttribute("href")!));
        const ids = new Set(await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => `#${id}`)));
        return {
          answers: await page.locator("details.group").first().locator(".answer").count(),
          filters: await page.locator(".filters:visible").count(),
          dangling: links.filter((link) => !ids.has(link)),
        };
      },
      { script: false },
    );

    expect(found).toEqual({ answers: 20, filters: 0, dangling: [] });
  });

  test("no text of a figure leaves its picture or covers another", async () => {
    const { found } = await visit(misplacedTexts);

    expect(found).toEqual([]);
  });

  test("it saves its numbers as JSON and notices when they were changed", async () => {
    const { found } = await visit(async (page) => {
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save as JSON" }).click();
      const saved = JSON.parse(readFileSync(await (await download).path(), "utf8"));
      const check = async () => {
        await page.getByRole("button", { name: "Check the hash" }).click();
        return page.locator("#checked:not(:empty)").innerText();
      };
      const before = await check();
      await page.evaluate("data.textContent = data.textContent.replace('94.6', '99.6'); checked.textContent = ''");
      return { title: saved.title, before, after: await check() };
    });

    expect(found).toEqual({
      title: "MMNeedle: needles in multimodal haystacks",
      before: "✓ the data is as it was written",
      after: "✗ the data was changed",
    });
  });

  test("a link to a sample opens the group it is in", async () => {
    const { found } = await visit(async (page) => {
      const anchor = (await page.locator(".sample").nth(3).getAttribute("id"))!;
      await page.goto("about:blank");
      await page.goto(`${file}#${anchor}`);
      return page.locator(`[id="${anchor}"]`).isVisible();
    });

    expect(found).toBe(true);
  });
});

test("its policy lets no script run but its own", { skip: executablePath === undefined }, async () => {
  const browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox", "--disable-gpu"] });
  const report = await sampleReport({ samples: 3 });
  const svg =
    "<svg><script>document.title = 'taken'</script><rect onclick='document.title = `taken`' width='9' height='9'/></svg>";
  const foreign = { id: "foreign", title: "Foreign", caption: "", svg };
  const page = await browser.newPage();

  await page.setContent([...renderHtml({ ...report, figures: [foreign] })].join(""));
  await page.locator("#figure-foreign rect").click();

  expect(await page.title()).toBe(report.title);
  expect(await page.locator("html").getAttribute("class")).toBe("scripted");
  await browser.close();
});

/** Texts of figures that stand outside their picture or over each other. */
const misplacedTexts = (page: Page): Promise<string[]> =>
  page.locator("svg").evaluateAll((all) =>
    all.flatMap((svg) => {
      const sheet = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
      const boxes = texts as [string, typeof sheet][];
      const outside = boxes.filter(([, { left, right, top, bottom }]) =>
        [sheet.left - left, right - sheet.right, sheet.top - top, bottom - sheet.bottom].some((over) => over > 1),
      );
      const covered = boxes.filter(([, one], at) =>
        boxes.slice(at + 1).some(([, other]) => {
          const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
          return across > 3 && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 5;
        }),
      );
      return [...outside, ...covered].map(([said]) => `${svg.querySelector("title")?.textContent}: ${said}`);
    }),
  );

function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
