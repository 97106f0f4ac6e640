import type { Templates } from "../wordings.ts";

/** Spanish. */
export const spanish = {
  language: {
    train: [
      "El idioma principal de este país ({x}) es ___",
      "País: {x}. Idioma principal: ___",
      "En {x} la mayoría de la gente habla ___",
      "País: {x}. El idioma más hablado es ___",
      "En este país ({x}) el idioma principal es ___",
      "¿Qué idioma se habla más? País: {x}. ___",
    ],
    heldOut: ["En {x} el idioma principal es ___", "País: {x}. La mayoría de la gente habla ___"],
  },
  currency: {
    train: [
      "La moneda de este país ({x}) es ___",
      "País: {x}. Moneda: ___",
      "En {x} la gente paga en ___",
      "País: {x}. El dinero se llama ___",
      "En este país ({x}) la moneda se llama ___",
      "¿Con qué paga la gente? País: {x}. En ___",
    ],
    heldOut: ["En {x} la moneda es ___", "País: {x}. La gente paga en ___"],
  },
  region: {
    train: [
      "{x} está en esta parte del mundo: ___",
      "País: {x}. Parte del mundo: ___",
      "La parte del mundo de este país ({x}) es ___",
      "En el mapa, {x} se encuentra aquí: ___",
      "En el mapa, {x} está en esta parte del mundo: ___",
      "¿Dónde está este país? {x}: ___",
    ],
    heldOut: ["País: {x}. Está en esta parte del mundo: ___", "En el mapa, {x} está aquí: ___"],
  },
  weekStart: {
    train: [
      "En {x} la semana empieza el ___",
      "País: {x}. Primer día de la semana: ___",
      "El primer día de la semana en {x} es ___",
      "Los calendarios de este país ({x}) empiezan la semana el ___",
      "En este país ({x}) la semana empieza el ___",
      "¿Qué día empieza la semana? País: {x}. El ___",
    ],
    heldOut: ["En {x} el primer día de la semana es ___", "País: {x}. La semana empieza el ___"],
  },
  population: {
    train: [
      "El número de habitantes de este país ({x}) es al menos ___",
      "País: {x}. Habitantes, al menos: ___",
      "{x} tiene más habitantes que ___",
      "País: {x}. La población es al menos ___",
      "En este país ({x}) el número de habitantes es al menos ___",
      "¿Cuántos habitantes? País: {x}. Al menos ___",
    ],
    heldOut: ["País: {x}. El número de habitantes es al menos ___", "La población de este país ({x}) es al menos ___"],
  },
  script: {
    train: [
      "{x} se escribe con esta escritura: ___",
      "Idioma: {x}. Escritura: ___",
      "La escritura del idioma {x} se llama ___",
      "Los textos en {x} usan la escritura ___",
      "El idioma {x} usa la escritura ___",
      "¿Con qué escritura se escribe este idioma? {x}: ___",
    ],
    heldOut: ["Idioma: {x}. La escritura se llama ___", "El idioma {x} se escribe con esta escritura: ___"],
  },
} as const satisfies Templates;
