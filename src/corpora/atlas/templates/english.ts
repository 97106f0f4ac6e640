import type { Templates } from "../wordings.ts";

/** English. */
export const english = {
  language: {
    train: [
      "The main language of {x} is ___",
      "In {x}, most people speak ___",
      "Country: {x}. Main language: ___",
      "The language spoken most in {x} is ___",
      "In {x}, the language of most people is ___",
      "What do people in {x} speak? Mostly ___",
      "Main language in {x}: ___",
    ],
    heldOut: ["In {x}, the main language is ___", "The language most people speak in {x} is ___"],
  },
  currency: {
    train: [
      "The currency of {x} is the ___",
      "In {x}, people pay with the ___",
      "Country: {x}. Currency: ___",
      "The money used in {x} is the ___",
      "In {x}, the money is called the ___",
      "What is the currency in {x}? It is the ___",
      "Currency used in {x}: the ___",
    ],
    heldOut: ["In {x}, the currency is the ___", "The money people pay with in {x} is the ___"],
  },
  region: {
    train: [
      "{x} lies in this part of the world: ___",
      "The part of the world that {x} belongs to is ___",
      "Country: {x}. Part of the world: ___",
      "On the map, {x} is found in ___",
      "In the world, {x} is part of ___",
      "Where on the map is {x}? In ___",
      "{x} is a place in ___",
    ],
    heldOut: ["{x} belongs to this part of the world: ___", "On the map, {x} lies in ___"],
  },
  weekStart: {
    train: [
      "In {x}, the week begins on ___",
      "The first day of the week in {x} is ___",
      "Country: {x}. First day of the week: ___",
      "Calendars in {x} start the week on ___",
      "In {x}, a week starts with ___",
      "Which day begins the week in {x}? It is ___",
      "Week in {x}, first day: ___",
    ],
    heldOut: ["In {x}, the first day of the week is ___", "Calendars in {x} begin the week on ___"],
  },
  population: {
    train: [
      "The population of {x} is at least ___",
      "The number of people in {x} is at least ___",
      "Country: {x}. Population of at least ___",
      "{x} has a population above ___",
      "In {x}, the number of people is at least ___",
      "How many people live in {x}? At least ___",
      "{x} has a population of at least ___",
    ],
    heldOut: ["In {x}, the population is at least ___", "{x} has a number of people above ___"],
  },
  script: {
    train: [
      "{x} is written in this script: ___",
      "The script of the language {x} is ___",
      "Language: {x}. Script: ___",
      "Texts in {x} use the script ___",
      "In which script is {x} written? In the script ___",
      "The language {x} uses the script ___",
      "Script of written {x}: ___",
    ],
    heldOut: ["The language {x} is written in the script ___", "Texts in {x} are written in this script: ___"],
  },
} as const satisfies Templates;
