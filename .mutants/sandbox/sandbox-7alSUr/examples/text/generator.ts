/**
 * A text service without weights: it answers questions about countries from a table, word by word, and always the same.
 * What a language model is asked and how it is used, not how it thinks.
 */
interface Country {
  readonly name: string;
  readonly capital: string;
  readonly continent: string;
  readonly currency: string;
}

/** Public knowledge; the names of ISO 3166-1 and ISO 4217. */
export const COUNTRIES: readonly Country[] = [
  ["Austria", "Vienna", "Europe", "euro"],
  ["Belgium", "Brussels", "Europe", "euro"],
  ["Denmark", "Copenhagen", "Europe", "krone"],
  ["Finland", "Helsinki", "Europe", "euro"],
  ["France", "Paris", "Europe", "euro"],
  ["Germany", "Berlin", "Europe", "euro"],
  ["Norway", "Oslo", "Europe", "krone"],
  ["Poland", "Warsaw", "Europe", "zloty"],
  ["Portugal", "Lisbon", "Europe", "euro"],
  ["Sweden", "Stockholm", "Europe", "krona"],
  ["China", "Beijing", "Asia", "yuan"],
  ["India", "New Delhi", "Asia", "rupee"],
  ["Indonesia", "Jakarta", "Asia", "rupiah"],
  ["Japan", "Tokyo", "Asia", "yen"],
  ["Nepal", "Kathmandu", "Asia", "rupee"],
  ["Pakistan", "Islamabad", "Asia", "rupee"],
  ["Thailand", "Bangkok", "Asia", "baht"],
  ["Vietnam", "Hanoi", "Asia", "dong"],
  ["Egypt", "Cairo", "Africa", "pound"],
  ["Ghana", "Accra", "Africa", "cedi"],
  ["Kenya", "Nairobi", "Africa", "shilling"],
  ["Morocco", "Rabat", "Africa", "dirham"],
  ["Nigeria", "Abuja", "Africa", "naira"],
  ["Senegal", "Dakar", "Africa", "franc"],
  ["Zambia", "Lusaka", "Africa", "kwacha"],
  ["Uganda", "Kampala", "Africa", "shilling"],
].map(([name = "", capital = "", continent = "", currency = ""]) => ({ name, capital, continent, currency }));

type Topic = Exclude<keyof Country, "name">;
export const TOPICS: readonly Topic[] = ["capital", "continent", "currency"];

/** Two ways to ask for each topic, as the golden set has them. */
export const questionsOf = (topic: Topic, name: string): readonly string[] =>
  ({
    capital: [`What is the capital of ${name}?`, `${name}: tell me its capital, please.`],
    continent: [`On which continent is ${name}?`, `${name} belongs to which continent?`],
    currency: [`What is the currency of ${name}?`, `In ${name}, which currency do people use?`],
  })[topic];

/** What is answered to a topic of a country. */
export const factOf = (topic: Topic, country: Country) => country[topic];

/** Version 1 says the fact alone, version 2 a sentence around it. */
export type Style = "1" | "2";

/** The words of an answer, one a token; joined they are the answer. */
export function generate(style: Style, prompt: string): readonly string[] {
  const country = COUNTRIES.find(({ name }) => prompt.includes(name));
  const topic = TOPICS.find((one) => prompt.toLowerCase().includes(one));
  if (country === undefined || topic === undefined) return tokens("I do not know that.");
  const fact = factOf(topic, country);
  if (style === "1") return tokens(`It is ${fact}, as far as I know.`);
  const sentence = {
    capital: `The capital of ${country.name} is ${fact}.`,
    continent: `${country.name} is a country on the continent of ${fact}.`,
    currency: `In ${country.name} people pay with the ${fact}.`,
  }[topic];
  return tokens(sentence);
}

/** Words with the space before them, as tokenizers have it. */
function tokens(text: string): readonly string[] {
  return text.match(/ ?\S+/g) ?? [];
}
