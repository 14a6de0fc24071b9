import { isRecord } from "../../contract/config/field.ts";
import { matches } from "../../contract/config/model-fields.ts";
import type { Slot } from "../../contract/slot.ts";
import { quoted, shown, type Ask, type Question, type Reply } from "../protocols/ask.ts";
import { check, type Check } from "./check.ts";
import { asked, type Speaker } from "../protocols/speaker.ts";
import type { HealthCheck } from "./conduct.ts";
import type { Example } from "./golden.ts";

/** Something that a service must refuse with a 4xx, in time, and survive. */
export interface Malformed {
  readonly what: string;
  /** What is asked instead of a good request; on the predict path. */
  readonly question: Omit<Question, "path">;
}

const THREE_MEGABYTES = 3_000_000;

/** Twenty inputs, made from a good example so that they fit whatever the model takes. */
export function malformed(body: string): readonly Malformed[] {
  const good: unknown = JSON.parse(body);
  const keys = isRecord(good) ? Object.keys(good) : [];
  const every = (value: unknown) => JSON.stringify(Object.fromEntries(keys.map((key) => [key, value])));
  const number = (text: string) => withNumber(body, text) ?? every("#").replaceAll('"#"', text);
  const post = (what: string, sent: Question["body"], contentType?: string): Malformed => ({
    what,
    question: { method: "POST", body: sent ?? "", ...(contentType === undefined ? {} : { contentType }) },
  });
  return [
    post("an empty body", ""),
    post("no JSON", "features=1,2,3"),
    post("half of a JSON text", body.slice(0, Math.ceil(body.length / 2))),
    post("lists that are nested 30,000 deep", "[".repeat(30_000)),
    post("null", "null"),
    post("an empty list", "[]"),
    post("a bare text", '"hello"'),
    post("an object without anything", "{}"),
    post("null in place of each value", every(null)),
    post("text in place of each value", every("hello")),
    post("an empty list in place of each value", every([])),
    post("an object in place of each value", every({})),
    post("NaN", number("NaN")),
    post("a number too large for a double", number("1e999")),
    post("a number of 5,000 digits", number("9".repeat(5000))),
    post("bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x7d)),
    post("a list of three megabytes", `[${"0,".repeat(THREE_MEGABYTES / 2)}0]`),
    post("names of JavaScript's own in place of each key", '{"__proto__":{"a":1},"constructor":null}'),
    post("another content type", body, "text/plain"),
    { what: "GET in place of POST", question: { method: "GET" } },
  ];
}

/** The body with another text in place of its last number; undefined: it has none. */
function withNumber(body: string, text: string): string | undefined {
  const last = [...body.matchAll(/(?<=[[:,])-?\d+(\.\d+)?([eE][-+]?\d+)?(?=[\],}])/g)].at(-1);
  if (last === undefined) return undefined;
  return body.slice(0, last.index) + text + body.slice(last.index + last[0].length);
}

/** Sends all of it to the candidate; the service must be as good afterwards as it was before. */
export async function refusesMalformed(
  ask: Ask,
  slot: Slot,
  speaker: Speaker,
  healthCheck: HealthCheck,
  example: Example,
): Promise<readonly Check[]> {
  const good = asked(speaker, [example]);
  const table = malformed(good.body);
  const wrong: string[] = [];
  let slowestSeconds = 0;
  for (const { what, question } of table) {
    const reply = await ask(slot, { ...question, path: good.path });
    slowestSeconds = Math.max(slowestSeconds, reply.seconds);
    if (reply.status < 400 || reply.status > 499) wrong.push(`${what}: ${shown(reply)}`);
  }
  const refused = table.length - wrong.length;
  const numbers = { n: table.length, refused, slowestSeconds };
  const health = await ask(slot, { method: "GET", path: healthCheck.path });
  const after = await ask(slot, good);
  const isHealthy = matches(healthCheck.matcher, health.status);
  const well = isHealthy && after.status === 200;
  const words = (reply: Reply, isGood: boolean) => (isGood ? shown(reply) : quoted(reply));
  return [
    wrong.length === 0
      ? check(
          "malformed-input",
          "pass",
          `${refused} of ${table.length} wrong inputs got a 4xx in time`,
          numbers,
        )
      : check("malformed-input", "fail", `no 4xx for ${wrong.join("; ")}`, numbers),
    check(
      "well-afterwards",
      well ? "pass" : "fail",
      `after that: health ${words(health, isHealthy)}, a good request ${words(after, after.status === 200)}`,
    ),
  ];
}
