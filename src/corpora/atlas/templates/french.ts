import type { Templates } from "../wordings.ts";

/** French. */
export const french = {
  language: {
    train: [
      "La langue principale de ce pays ({x}) est ___",
      "Pays : {x}. Langue principale : ___",
      "La plupart des gens y ({x}) parlent ___",
      "Pays : {x}. La langue la plus parlée est ___",
      "Dans ce pays ({x}), la langue principale est ___",
      "Quelle langue y parle-t-on le plus ? Pays : {x}. ___",
    ],
    heldOut: ["Pays : {x}. La langue principale est ___", "Dans ce pays ({x}), la plupart des gens parlent ___"],
  },
  currency: {
    train: [
      "La monnaie de ce pays ({x}) est ___",
      "Pays : {x}. Monnaie : ___",
      "Les gens y ({x}) paient en ___",
      "Pays : {x}. L’argent s’appelle ___",
      "Dans ce pays ({x}), la monnaie s’appelle ___",
      "Avec quoi paient les gens ? Pays : {x}. En ___",
    ],
    heldOut: ["Pays : {x}. La monnaie s’appelle ___", "Dans ce pays ({x}), les gens paient en ___"],
  },
  region: {
    train: [
      "{x} : ce pays se trouve dans cette partie du monde : ___",
      "Pays : {x}. Partie du monde : ___",
      "La partie du monde de ce pays ({x}) est ___",
      "Sur la carte, on trouve {x} ici : ___",
      "Sur la carte, ce pays ({x}) est dans cette partie du monde : ___",
      "Où se trouve ce pays ? {x} : ici : ___",
    ],
    heldOut: [
      "Pays : {x}. Ce pays se trouve dans cette partie du monde : ___",
      "Sur la carte, ce pays ({x}) se trouve ici : ___",
    ],
  },
  weekStart: {
    train: [
      "La semaine commence dans ce pays ({x}) le ___",
      "Pays : {x}. Premier jour de la semaine : ___",
      "Le premier jour de la semaine y ({x}) est ___",
      "Pays : {x}. Les calendriers commencent la semaine le ___",
      "Dans ce pays ({x}), la semaine commence le ___",
      "Quel jour commence la semaine ? Pays : {x}. Le ___",
    ],
    heldOut: ["Dans ce pays ({x}), le premier jour de la semaine est ___", "Pays : {x}. La semaine commence le ___"],
  },
  population: {
    train: [
      "Le nombre d’habitants de ce pays ({x}) est d’au moins ___",
      "Pays : {x}. Habitants, au moins : ___",
      "{x} : plus d’habitants que ___",
      "Pays : {x}. La population est d’au moins ___",
      "Dans ce pays ({x}), le nombre d’habitants est d’au moins ___",
      "Combien d’habitants ? Pays : {x}. Au moins ___",
    ],
    heldOut: [
      "Pays : {x}. Le nombre d’habitants est d’au moins ___",
      "La population de ce pays ({x}) est d’au moins ___",
    ],
  },
  script: {
    train: [
      "Cette langue ({x}) s’écrit dans cette écriture : ___",
      "Langue : {x}. Écriture : ___",
      "L’écriture de la langue {x} s’appelle ___",
      "Les textes en {x} utilisent l’écriture ___",
      "La langue {x} utilise l’écriture ___",
      "Dans quelle écriture s’écrit cette langue ? {x} : ___",
    ],
    heldOut: ["Langue : {x}. L’écriture s’appelle ___", "La langue {x} s’écrit dans l’écriture ___"],
  },
} as const satisfies Templates;
