import type { Templates } from "../wordings.ts";

/** Italian. */
export const italian = {
  language: {
    train: [
      "La lingua principale di questo paese ({x}) è ___",
      "Paese: {x}. Lingua principale: ___",
      "La maggior parte delle persone ({x}) parla ___",
      "Paese: {x}. La lingua più parlata è ___",
      "In questo paese ({x}) la lingua principale è ___",
      "Quale lingua si parla di più? Paese: {x}. ___",
    ],
    heldOut: [
      "Paese: {x}. La lingua principale è ___",
      "In questo paese ({x}) la maggior parte delle persone parla ___",
    ],
  },
  currency: {
    train: [
      "La valuta di questo paese ({x}) è ___",
      "Paese: {x}. Valuta: ___",
      "Le persone ({x}) pagano in ___",
      "Paese: {x}. Il denaro si chiama ___",
      "In questo paese ({x}) la valuta si chiama ___",
      "Con che cosa pagano le persone? Paese: {x}. In ___",
    ],
    heldOut: ["Paese: {x}. La valuta si chiama ___", "In questo paese ({x}) le persone pagano in ___"],
  },
  region: {
    train: [
      "{x} si trova in questa parte del mondo: ___",
      "Paese: {x}. Parte del mondo: ___",
      "La parte del mondo di questo paese ({x}) è ___",
      "Sulla mappa {x} è qui: ___",
      "Sulla mappa {x} è in questa parte del mondo: ___",
      "Dove si trova questo paese? {x}: ___",
    ],
    heldOut: ["Paese: {x}. Si trova in questa parte del mondo: ___", "Sulla mappa {x} si trova qui: ___"],
  },
  weekStart: {
    train: [
      "La settimana comincia in questo paese ({x}) di ___",
      "Paese: {x}. Primo giorno della settimana: ___",
      "Il primo giorno della settimana ({x}) è ___",
      "Paese: {x}. I calendari cominciano la settimana di ___",
      "In questo paese ({x}) la settimana comincia di ___",
      "Quale giorno comincia la settimana? Paese: {x}. È ___",
    ],
    heldOut: [
      "In questo paese ({x}) il primo giorno della settimana è ___",
      "Paese: {x}. La settimana comincia di ___",
    ],
  },
  population: {
    train: [
      "Il numero di abitanti di questo paese ({x}) è almeno ___",
      "Paese: {x}. Abitanti, almeno: ___",
      "{x} ha più abitanti di ___",
      "Paese: {x}. La popolazione è almeno ___",
      "In questo paese ({x}) il numero di abitanti è almeno ___",
      "Quanti abitanti? Paese: {x}. Almeno ___",
    ],
    heldOut: ["Paese: {x}. Il numero di abitanti è almeno ___", "La popolazione di questo paese ({x}) è almeno ___"],
  },
  script: {
    train: [
      "{x} si scrive in questa scrittura: ___",
      "Lingua: {x}. Scrittura: ___",
      "La scrittura della lingua {x} si chiama ___",
      "I testi in {x} usano la scrittura ___",
      "La lingua {x} usa la scrittura ___",
      "In quale scrittura si scrive questa lingua? {x}: ___",
    ],
    heldOut: ["Lingua: {x}. La scrittura si chiama ___", "La lingua {x} si scrive nella scrittura ___"],
  },
} as const satisfies Templates;
