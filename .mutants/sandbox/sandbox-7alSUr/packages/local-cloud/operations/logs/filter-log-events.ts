import * as v from "valibot";
import { onLogGroup } from "../../access/requires-logs.ts";
import { AwsError } from "../../aws-api/errors.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { eventsOf, type LogEvent } from "../../logs/read-events.ts";
import { count, readInput } from "../../tasks/resources/input.ts";

// CloudWatch Logs API, FilterLogEvents: a page has at most 10,000 events and 1 MB.
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;

const LOGS = { name: "CloudWatch Logs", code: "InvalidParameterException" };
const timeMs = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));
const Input = v.strictObject({
  logGroupName: v.pipe(v.string(), v.regex(/^[.\-_/#A-Za-z0-9]{1,512}$/)),
  startTime: timeMs,
  endTime: timeMs,
  // Terms alone: an event matches that has them all. Of the other patterns none is simulated.
  filterPattern: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_ ]*$/, "not simulated")), ""),
  limit: v.optional(count(1, MOST_EVENTS), MOST_EVENTS),
  nextToken: v.optional(v.string()),
});

/** The last event of the page before, in the order of all events: a page goes on after it. */
interface Place {
  readonly atMs: number;
  readonly stream: string;
  readonly offset: number;
}

export default defineOperation({
  service: "logs",
  name: "FilterLogEvents",
  requires: onLogGroup,
  run({ streamsOf }, raw) {
    const input = readInput(LOGS, "FilterLogEvents", Input, raw);
    const streams = streamsOf(input.logGroupName);
    if (streams === undefined) {
      throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    }
    const after = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    const fromMs = after?.atMs ?? input.startTime ?? 0;
    const terms = input.filterPattern.split(" ").filter((term) => term !== "");
    const wanted = (event: LogEvent) =>
      (after === undefined || inOrder(after, event) < 0) &&
      terms.every((term) => event.message.includes(term));
    // Each stream gives at most a page, so that a page of all of them is among what they give.
    const given = streams.map((stream) =>
      firstPage(eventsOf(stream, fromMs, input.endTime ?? Infinity), wanted, input.limit),
    );
    const all = given.flatMap(({ events }) => events).toSorted(inOrder);
    const page = cut(all, input.limit);
    const isMore = page.length < all.length || given.some(({ more }) => more);
    const last = page.at(-1);
    return {
      events: page.map(({ stream, offset, atMs, message }) => ({
        logStreamName: stream,
        timestamp: atMs,
        message,
        ingestionTime: atMs,
        eventId: `${stream}/${offset}`,
      })),
      searchedLogStreams: [],
      nextToken: isMore && last !== undefined ? tokenOf(last) : undefined,
    };
  },
});

function firstPage(events: Iterable<LogEvent>, wanted: (event: LogEvent) => boolean, limit: number) {
  const found: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    if (!wanted(event)) continue;
    bytes += event.message.length;
    if (found.length === limit || (found.length > 0 && bytes > MOST_BYTES))
      return { events: found, more: true };
    found.push(event);
  }
  return { events: found, more: false };
}

const cut = (events: readonly LogEvent[], limit: number) => firstPage(events, () => true, limit).events;

const inOrder = (a: Place, b: Place) =>
  a.atMs - b.atMs || (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.offset - b.offset);

const tokenOf = ({ atMs, stream, offset }: Place) =>
  Buffer.from(JSON.stringify([atMs, stream, offset])).toString("base64url");

const Token = v.tuple([v.number(), v.string(), v.number()]);

function readToken(token: string): Place {
  try {
    const [atMs, stream, offset] = v.parse(
      Token,
      JSON.parse(Buffer.from(token, "base64url").toString("utf8")),
    );
    return { atMs, stream, offset };
  } catch {
    throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
  }
}
