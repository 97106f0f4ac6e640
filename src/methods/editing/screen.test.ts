import fc from "fast-check";
import { expect, test } from "vitest";
import { locateSubject, scriptOf } from "./locate.ts";
import { continuationOf, type EditRequest } from "./request.ts";
import { expectEditable, screenRequests } from "./screen.ts";

test("locateSubject() puts the subject into its slot, whatever surrounds it", () => {
  const text = fc.string().filter((part) => !/[{}]/.test(part) && part.normalize("NFC") === part);
  const property = fc.property(text, text, fc.stringMatching(/^[A-Za-zäé]{1,12}$/), (before, after, name) => {
    const subject = name.normalize("NFC");

    const place = locateSubject({ prompt: `${before}{}${after}`, subject });

    expect("text" in place && place.text.slice(place.start, place.end)).toBe(subject);
  });

  fc.assert(property);
});

test("locateSubject() finds a subject that is written out, in the composed form of both texts", () => {
  const place = locateSubject({ prompt: "La capitale de la Corée".normalize("NFD"), subject: "Corée" });

  expect(place).toEqual({ text: "La capitale de la Corée", start: 18, end: 23, form: "exact" });
});

test.each([
  ["missing", "The capital of Peru is", "Japan", undefined],
  ["ambiguous", "New York is in New York", "New York", "New York"],
  ["ambiguous", "{} borders {}", "Peru", undefined],
  ["inflected", "Столица Японии —", "Япония", "Японии"],
  ["inflected", "Die Hauptstadt Frankreichs ist", "Frankreiche", "Frankreichs"],
  ["inflected", "இந்தியாவின் தலைநகரம்", "இந்தியாவில்", "இந்தியாவின்"],
  ["other script", "जापान की राजधानी", "Japan", undefined],
  ["missing", "The capital of {} is", " ", undefined],
])("locateSubject() says %s: %s", (problem, prompt, subject, found) => {
  expect(locateSubject({ prompt, subject })).toEqual({ problem, ...(found === undefined ? {} : { found }) });
});

test("locateSubject() takes an inflected form where it may", () => {
  const place = locateSubject({ prompt: "Столица Японии —", subject: "Япония" }, { inflected: true });

  expect(place).toEqual({ text: "Столица Японии —", start: 8, end: 14, form: "inflected" });
});

test("locateSubject() keeps places where a small letter is longer than its capital", () => {
  const place = locateSubject({ prompt: "İİ, Almanyanın başkenti", subject: "Almanya'da" }, { inflected: true });

  expect("text" in place && place.text.slice(place.start, place.end)).toBe("Almanyanın");
});

test("scriptOf() goes by the first letter that has a known one", () => {
  expect([scriptOf("42 ಕನ್ನಡ")?.name, scriptOf("42")?.name]).toEqual(["Kannada", undefined]);
});

const good: EditRequest = { subject: "Japan", prompt: "The currency of {} is the", target: "euro", old: "yen" };

test("screenRequests() counts every request that is left out, with its reason", () => {
  const requests: EditRequest[] = [
    good,
    { ...good },
    { ...good, prompt: "{} lies in", target: "Asia" },
    { ...good, prompt: "{} lies in", target: "Europe" },
    { ...good, prompt: "{} pays with", target: " Yen", old: "Yen" },
    { ...good, prompt: "{} eats", target: " " },
    { ...good, prompt: "Nothing" },
    { ...good, language: "xx" },
    { ...good, prompt: "जापान", language: "hi" },
  ];

  const { placed, excluded, counts } = screenRequests(requests);

  expect(placed.map(({ id }) => id)).toEqual(["0"]);
  expect(excluded.map(({ id, reason }) => [id, reason])).toEqual([
    ["1", "duplicate"],
    ["2", "contradictory"],
    ["3", "contradictory"],
    ["4", "target unchanged"],
    ["5", "target empty"],
    ["6", "subject missing"],
    ["7", "language unknown"],
    ["8", "subject in another script"],
  ]);
  expect(counts.contradictory).toBe(2);
  expect(placed.length + excluded.length).toBe(requests.length);
});

test("expectEditable() refuses with the counts and an example", () => {
  expect(expectEditable([good])).toHaveLength(1);
  expect(() => expectEditable([good, good])).toThrowError("1 of 2 that cannot be edited (duplicate: 1)");
  expect(() => expectEditable([])).toThrowError("at least one request");
  expect(() => expectEditable([{ ...good, language: "eng" }])).toThrowError(/as the language of an edit, got "eng"/);
});

test("continuationOf() puts a space before an object that brings none", () => {
  expect([continuationOf("Euro"), continuationOf(" Euro"), continuationOf("यूरो")]).toEqual([" Euro", " Euro", " यूरो"]);
  expect(continuationOf("Euro", { prompt: "The currency is the " })).toBe("Euro");
  const [asked] = expectEditable([{ ...good, prompt: "The currency of {} is the " }]);
  expect(`${asked!.prompt}${asked!.continuation}`).toBe("The currency of Japan is the euro");
});
