import type { Templates } from "../wordings.ts";

/** German. */
export const german = {
  language: {
    train: [
      "Die Hauptsprache in diesem Land ({x}) ist ___",
      "Land: {x}. Hauptsprache: ___",
      "Die meisten Menschen sprechen dort ({x}) ___",
      "Land: {x}. Die am meisten gesprochene Sprache ist ___",
      "In diesem Land ({x}) ist die Hauptsprache ___",
      "Welche Sprache spricht man dort ({x}) meist? ___",
    ],
    heldOut: ["Land: {x}. Die Hauptsprache ist ___", "In diesem Land ({x}) sprechen die meisten Menschen ___"],
  },
  currency: {
    train: [
      "Die Währung in diesem Land ({x}) heißt ___",
      "Land: {x}. Währung: ___",
      "Die Menschen bezahlen dort ({x}) mit ___",
      "Land: {x}. Das Geld heißt ___",
      "In diesem Land ({x}) ist die Währung ___",
      "Womit bezahlen die Menschen dort ({x})? Mit ___",
    ],
    heldOut: ["Land: {x}. Die Währung heißt ___", "In diesem Land ({x}) bezahlen die Menschen mit ___"],
  },
  region: {
    train: [
      "{x} liegt in diesem Teil der Welt: ___",
      "Land: {x}. Teil der Welt: ___",
      "Der Teil der Welt, zu dem {x} gehört, ist ___",
      "Auf der Karte findet man {x} in ___",
      "Auf der Karte gehört {x} zu ___",
      "Wo auf der Welt liegt {x}? In ___",
    ],
    heldOut: ["{x} gehört zu diesem Teil der Welt: ___", "Auf der Karte liegt {x} in ___"],
  },
  weekStart: {
    train: [
      "Die Woche beginnt in diesem Land ({x}) am ___",
      "Land: {x}. Erster Tag der Woche: ___",
      "Der erste Tag der Woche ist dort ({x}) der ___",
      "Land: {x}. Kalender beginnen die Woche am ___",
      "Dort ({x}) ist der Beginn der Woche am ___",
      "Mit welchem Tag beginnt die Woche? Land: {x}. Mit ___",
    ],
    heldOut: ["In diesem Land ({x}) ist der erste Tag der Woche der ___", "Land: {x}. Die Woche beginnt am ___"],
  },
  population: {
    train: [
      "Die Zahl der Einwohner dieses Landes ({x}) beträgt mindestens ___",
      "Land: {x}. Einwohner, mindestens: ___",
      "{x} hat mehr Einwohner als ___",
      "Land: {x}. Die Bevölkerung beträgt mindestens ___",
      "In diesem Land ({x}) leben mindestens ___",
      "Wie viele Einwohner hat {x}? Mindestens ___",
    ],
    heldOut: [
      "Land: {x}. Die Zahl der Einwohner beträgt mindestens ___",
      "Die Bevölkerung dieses Landes ({x}) beträgt mehr als ___",
    ],
  },
  script: {
    train: [
      "{x} schreibt man in dieser Schrift: ___",
      "Sprache: {x}. Schrift: ___",
      "Die Schrift der Sprache {x} heißt ___",
      "Texte in der Sprache {x} verwenden die Schrift ___",
      "Die Sprache {x} verwendet die Schrift ___",
      "In welcher Schrift schreibt man {x}? In der Schrift ___",
    ],
    heldOut: ["Sprache: {x}. Die Schrift heißt ___", "Die Sprache {x} schreibt man in der Schrift ___"],
  },
} as const satisfies Templates;
