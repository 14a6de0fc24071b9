/** Releases of a text service that go wrong. The list of models, which is its health check, stays good. */
import { COUNTRIES } from "./generator.ts";

/** One answer on its way to the user. */
export interface Plan {
  readonly tokens: readonly string[];
  readonly firstTokenMs: number;
  readonly tokenMs: number;
  /** How it ends: whole, without its last events, or with silence. */
  readonly end: "whole" | "cut" | "stalled";
}

type Spoil = (plan: Plan, prompt: string, request: number) => Plan;

const faults: ReadonlyMap<string, Spoil> = new Map<string, Spoil>([
  ["streams-cut", (plan, _, request) => (request % 20 === 7 ? { ...half(plan), end: "cut" } : plan)],
  ["streams-cut-often", (plan, _, request) => (request % 5 === 2 ? { ...half(plan), end: "cut" } : plan)],
  ["streams-stall", (plan, _, request) => (request % 20 === 7 ? { ...half(plan), end: "stalled" } : plan)],
  ["empty", (plan, _, request) => (request % 10 === 7 ? { ...plan, tokens: [] } : plan)],
  ["slow-first-token", (plan) => ({ ...plan, firstTokenMs: plan.firstTokenMs * 10 + 100 })],
  ["slow-tokens", (plan) => ({ ...plan, tokenMs: plan.tokenMs * 5 + 10 })],
  ["africa-wrong", (plan, prompt) => (isAbout(prompt, "Africa") ? mixedUp(plan) : plan)],
  ["constant", (plan) => ({ ...plan, tokens: ["It", " depends."] })],
]);

/** `plan` with a fault; requests are counted, so that a run can be repeated. Throws for a name that there is not. */
export function withFault(name: string): Spoil {
  const fault = faults.get(name);
  if (fault === undefined) {
    throw new Error(`there is no fault "${name}"; there are ${[...faults.keys()].join(", ")}`);
  }
  return fault;
}

const half = (plan: Plan): Plan => ({
  ...plan,
  tokens: plan.tokens.slice(0, Math.ceil(plan.tokens.length / 2)),
});

const isAbout = (prompt: string, continent: string) =>
  COUNTRIES.some((one) => one.continent === continent && prompt.includes(one.name));

/** The facts of another country, told of this one. */
function mixedUp(plan: Plan): Plan {
  const [other] = COUNTRIES;
  const facts = COUNTRIES.flatMap(({ capital, currency }) => [capital, currency]);
  const swap = (token: string) => {
    const word = token.trim().replace(/[.,]$/, "");
    return facts.includes(word) ? token.replace(word, other?.capital ?? "") : token;
  };
  return { ...plan, tokens: plan.tokens.map(swap) };
}
