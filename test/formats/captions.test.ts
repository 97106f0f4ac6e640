import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCaptions, writeTable } from "#formats";
import { scratchFolder } from "./scratch-folder.ts";

const fileOf = (name: string, content: string | object): string => {
  const file = join(scratchFolder(), name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

const images = [
  { id: 9, file_name: "b.jpg" },
  { id: 4, file_name: "a.jpg" },
];
const annotations = [
  { id: 1, image_id: 4, caption: "A first dog." },
  { id: 2, image_id: 9, caption: " A cat. \n" },
  { id: 3, image_id: 4, caption: "A last dog" },
];

test("readCaptions() keeps the last annotation of each COCO image, untrimmed, in the order of the images", async () => {
  expect(await readCaptions(fileOf("captions.json", { info: {}, images, annotations }))).toEqual([
    { file: "b.jpg", caption: " A cat. \n" },
    { file: "a.jpg", caption: "A last dog" },
  ]);
});

test.each([
  ["file", "caption"],
  ["file_name", "text"],
  ["image", "caption"],
])("readCaptions() reads the columns %s and %s", async (file, caption) => {
  const header = `id,${caption},${file}\n`;
  const expected = [{ file: "a.jpg", caption: "A dog, running" }];

  expect(await readCaptions(fileOf("captions.csv", `${header}1,"A dog, running",a.jpg\n`))).toEqual(expected);
  const row = { [file]: "a.jpg", [caption]: "A dog, running", further: [1] };
  expect(await readCaptions(fileOf("captions.jsonl", row))).toEqual(expected);
});

test("readCaptions() gives back what writeTable() wrote, in every format", async () => {
  const caption = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => text.trim() !== "" && !text.includes("\uFFFD"));
  const captions = fc
    .array(caption, { minLength: 1, maxLength: 8 })
    .map((list) => list.map((text, at) => ({ file: `${at}.jpg`, caption: text })));

  await fc.assert(
    fc.asyncProperty(captions, fc.constantFrom("csv", "jsonl", "parquet"), async (list, format) => {
      const file = join(scratchFolder(), `captions.${format}`);
      await writeTable(file, list, { format });

      expect(await readCaptions(file)).toEqual(list);
    }),
    { numRuns: 60 },
  );
});

test.each([
  [
    "a.csv",
    "file,caption\na.jpg,A\nb.jpg,B\na.jpg,C\n",
    "a.csv, line 4: Expected each picture once, got a.jpg again after line 2",
  ],
  ["b.csv", "file,caption\na.jpg,A\nb.jpg, \n", "b.csv, line 3: Expected a caption for b.jpg, got an empty one"],
  ["c.csv", "file,caption\na.jpg,A\n,B\n", 'c.csv, line 3: Expected a file in "file", got null'],
  ["d.csv", "file,caption\na.jpg,A\nb.jpg\n", "d.csv, line 3: Expected 2 cells"],
  [
    "e.csv",
    "path,label\na.jpg,A\n",
    "e.csv, line 1: Expected the columns file or file_name or image and caption or text, got path, label",
  ],
  ["f.csv", "file,caption\n", "f.csv: Expected captions, got none"],
  [
    "g.jsonl",
    '{"file":"a.jpg","caption":"A"}\n{"file":"b.jpg","caption":7}',
    'g.jsonl, line 2: Expected text in "caption", got 7',
  ],
  [
    "h.jsonl",
    '{"file":"a.jpg","caption":"A"}\n{"name":"b.jpg"}',
    'h.jsonl, line 2: Expected a file in "file", got nothing',
  ],
  ["i.json", "{", "i.json: Expected COCO captions in JSON, got a syntax error"],
  ["j.json", { images: [{ id: 1 }], annotations: [] }, "got something else at images, entry 1, file_name"],
  [
    "k.json",
    { images, annotations: annotations.slice(0, 1) },
    "images, entry 1: Expected an annotation of b.jpg (id 9), got none",
  ],
  [
    "l.json",
    { images: [...images, images[0]], annotations },
    "images, entry 3: Expected each image once, got the id 9 again",
  ],
  ["m.json", { images: images.slice(1), annotations }, "annotations, entry 2: Expected a known image, got the id 9"],
  ["n.json", { images: [], annotations: [] }, "n.json: Expected captions, got none"],
  ["o.txt", "a.jpg A", 'Expected a name ending in .jsonl, .csv, .parquet, got ".txt"'],
])("readCaptions() says where %s is wrong", async (name, content, message) => {
  const failed = readCaptions(fileOf(name, content));

  await expect(failed).rejects.toMatchObject({ code: "TABLE_INVALID" });
  await expect(failed).rejects.toThrow(message);
});

test("readCaptions() says that a caption is not UTF-8", async () => {
  const file = fileOf("captions.csv", "");
  writeFileSync(file, Buffer.from("file,caption\na.jpg,Caf\xe9\n", "latin1"));

  await expect(readCaptions(file)).rejects.toThrow("line 2: Expected UTF-8, got other bytes in the caption of a.jpg");
});

test("readCaptions() names the picture that is missing in the folder", async () => {
  const captions = fileOf("captions.csv", "file,caption\na.jpg,A\nb.jpg,B\n");
  const pictures = scratchFolder();
  writeFileSync(join(pictures, "a.jpg"), "");

  await expect(readCaptions(captions, { pictures })).rejects.toThrow(
    /line 3: Expected the picture b.jpg in .*, found none/,
  );
});
