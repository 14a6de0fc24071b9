import { asked, type AskedExample, type Speaker } from "../../protocols/speaker.ts";
import { wrongCsv } from "./csv.ts";
import type { Good, Malformed } from "./input.ts";
import { wrongJson } from "./json.ts";
import { wrongOnTheWire, wrongSizes } from "./wire.ts";

/** A protocol that knows no other than these is not tested by fewer (issue: at least 60). */
export const LEAST_MALFORMED = 60;

const keyOf = ({ question }: Malformed) => {
  const { method, path, contentType = "", headers = {}, body } = question;
  const sent = body instanceof Uint8Array ? `bytes ${body.join(" ")}` : `text ${body ?? ""}`;
  return `${method} ${path}\n${contentType}\n${JSON.stringify(headers)}\n${sent}`;
};

/** Wrong inputs for a server, each another one: made from the good request for this example, by its protocol. */
export function malformed(speaker: Speaker, example: AskedExample): readonly Malformed[] {
  const good: Good = { ...asked(speaker, [example]), method: "POST" };
  const isCsv = good.contentType === "text/csv";
  const all = [
    ...wrongSizes(good),
    ...(isCsv ? wrongCsv(good) : wrongJson(good, speaker.protocol.required ?? [])),
    ...wrongOnTheWire(good, speaker.model.name),
  ];
  const own = keyOf({ what: "", must: "survive", question: good });
  const seen = new Set([own]);
  return all.filter((one) => {
    const key = keyOf(one);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
