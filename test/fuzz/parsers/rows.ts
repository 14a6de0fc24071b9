import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../../contract/config/field.ts";
import { csvRecords, pastOfRows } from "../../../validation/insight/replay/counts-file.ts";
import { firstInput, readRecorded } from "../../../validation/shadow/recorded.ts";
import { readRows as readFeedback } from "../../../validation/signals/feedback/read-rows.ts";
import { batchOf, readBatch } from "../../../validation/signals/ledger/batch.ts";
import { readRows as readSignalRows } from "../../../validation/signals/rows/read-rows.ts";
import { readGolden } from "../../../validation/suite/golden.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { calendarMs, demandTime, isUserError, jsonOf, takenIf, textOf } from "../support.ts";

const NOW_MS = Date.UTC(2026, 10, 30);
const GOLDEN = readFileSync(join(import.meta.dirname, "../../../examples/digits/golden.jsonl"), "utf8")
  .split("\n")
  .slice(0, 12)
  .join("\n");

const golden = (name: string, file: string, seeds: readonly string[]): FuzzedParser => ({
  name,
  seeds,
  edits: file.endsWith("l") ? "lines" : "text",
  words: ["label", "input", "id", "slice", "request", '"', ",", "\n", '""', "slice.country", "null"],
  take(input) {
    const read = readGolden(textOf(input), file);
    if (typeof read === "string") {
      demand(read !== "", "it is refused without a reason");
      return "refused";
    }
    demand(read.length > 0, "a golden set without examples was taken");
    const ids = read.flatMap(({ id }) => id ?? []);
    demand(new Set(ids).size === ids.length, "two examples have one id");
    demand(read.length <= textOf(input).split("\n").length, "there are more examples than lines");
    return "accepted";
  },
});

const feedback: FuzzedParser = {
  name: "feedback",
  seeds: [
    '{"requestId":"r1","label":"3"}\n{"slot":"green","time":"2026-11-29T10:00:00Z","correct":false,"segment":{"country":"DE"}}\n{"modelVersion":"2","time":1780000000000,"loss":0.25,"id":"a"}',
    "requestId,label,segment.country\nr1,3,DE\nr2,4,FR\n",
    'slot,time,correct,id\nblue,2026-11-29T10:00:00+02:00,true,1\n"green",2026-11-29T10:01:00Z,0,"2"\n',
  ],
  edits: "lines",
  words: [
    "requestId",
    "slot",
    "modelVersion",
    "label",
    "correct",
    "loss",
    "time",
    "segment",
    "blue",
    "green",
    ",",
    '"',
    "2026-02-29T10:00:00Z",
    "\r\n",
  ],
  take(input) {
    const { rows, problems, repeated } = readFeedback(textOf(input), NOW_MS);
    demand(new Set(rows.map(({ id }) => id)).size === rows.length, "two rows have one id");
    demand(repeated >= 0 && Number.isInteger(repeated), "repeated is no count");
    for (const { of, says, atMs, segments } of rows) {
      demand(!("loss" in says) || (says.loss >= 0 && says.loss <= 1), "a loss is not from 0 to 1");
      demand("requestId" in of ? of.requestId !== "" : of.atMs === atMs, "a row is about nothing");
      demand(!("slot" in of) || of.slot === "blue" || of.slot === "green", "no slot");
      demand(atMs === undefined || (atMs > 1e11 && atMs <= NOW_MS + 300_000), `a time is ${atMs}`);
      demand(
        Object.values(segments).every((one) => typeof one === "string"),
        "a segment is no text",
      );
    }
    demandRealTimes(textOf(input), problems.length === 0);
    return takenIf(problems.length === 0 && rows.length > 0);
  },
};

/** Each time that JSON rows name, when all of them were taken. */
function demandRealTimes(text: string, isTaken: boolean): void {
  if (!isTaken || !/^\uFEFF?\s*\{/.test(text)) return;
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    const row = jsonOf(line);
    if (!isRecord(row) || typeof row["time"] !== "string") continue;
    demand(calendarMs(row["time"]) !== undefined, `${row["time"]} is no time of the calendar`);
  }
}

const signalRows: FuzzedParser = {
  name: "signal-rows",
  seeds: [
    '{"slot":"blue","minute":"2026-11-29T10:00:00Z","numerator":1,"denominator":20}\n{"slot":"green","minute":"2026-11-29T10:00Z","numerator":0,"denominator":3,"segment":"country=DE"}',
    '[{"slot":"blue","minute":"2026-11-29T12:00:00+02:00","numerator":0.5,"denominator":2}]',
  ],
  edits: "lines",
  words: [
    "slot",
    "minute",
    "numerator",
    "denominator",
    "segment",
    "blue",
    "green",
    "2026-11-31T10:00:00Z",
    "[",
    "]",
  ],
  take(input) {
    const read = readSignalRows(textOf(input));
    if (!read.readable) {
      demand(read.why !== "", "it is refused without a reason");
      return "refused";
    }
    const keys = read.value.map(({ slot, atMs, segment }) => JSON.stringify([slot, atMs, segment]));
    demand(new Set(keys).size === keys.length, "two rows of one minute were taken");
    for (const { slot, atMs, numerator, denominator } of read.value) {
      demand(slot === "blue" || slot === "green", "no slot");
      demand(atMs % 60_000 === 0, "no begin of a minute");
      demand(numerator >= 0 && numerator <= denominator && Number.isFinite(denominator), "counts");
    }
    const whole = jsonOf(textOf(input));
    const rows: readonly unknown[] = Array.isArray(whole) ? whole : textOf(input).split(/\r?\n/).map(jsonOf);
    for (const row of rows) {
      const minute = isRecord(row) ? row["minute"] : undefined;
      if (typeof minute === "string")
        demand(calendarMs(minute) !== undefined, `${minute} is no time of the calendar`);
    }
    return takenIf(read.value.length > 0);
  },
};

const BATCH = batchOf(
  [
    {
      id: "a",
      atMs: NOW_MS,
      slot: "green",
      version: "2",
      segments: { country: "DE" },
      wrong: true,
      loss: 0.5,
    },
    {
      id: "b",
      atMs: NOW_MS,
      slot: "green",
      version: "2",
      segments: { country: "DE" },
      wrong: true,
      loss: 0.25,
    },
    { id: "c", atMs: NOW_MS, slot: "blue", version: "1", segments: {}, wrong: undefined, loss: 1 },
  ],
  NOW_MS,
);

const batch: FuzzedParser = {
  name: "label-batch",
  seeds: [BATCH.text],
  edits: "json",
  words: ["version", "arrivedMs", "groups", "minuteMs", "ids", "losses", "wrong", "segments"],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof Error && error.message.startsWith("labels/x is no batch of labels"),
      () => {
        for (const group of readBatch("labels/x", textOf(input)).groups) {
          const { ids, losses = [], minuteMs } = group;
          demand(minuteMs % 60_000 === 0, "no begin of a minute");
          demand(ids.length > 0, "a group without a label");
          demand(
            losses.every((loss) => loss >= 0 && loss <= 1),
            "a loss is not from 0 to 1",
          );
          demand(
            group.losses === undefined || losses.length === ids.length,
            "losses and labels differ in number",
          );
        }
      },
    ),
};

const counts: FuzzedParser = {
  name: "counts-csv",
  seeds: [
    "time,share,candidate_requests,candidate_failed,active_requests,active_failed,candidate_refunds,active_refunds\n2026-11-29T10:00:00Z,10,100,1,900,9,2,20\n2026-11-29T10:01:00Z,10,101,0,905,8,3,21\n2026-11-29T10:05:00Z,25,250,2,700,5,4,22\n",
  ],
  edits: "text",
  words: [
    "time",
    "share",
    "candidate_requests",
    "candidate_failed",
    "active_requests",
    "2026-11-29T10:02:00Z",
    "1970-01-01T00:00:00Z",
    "2126-11-29T10:02:00Z",
    "1",
    "29 Nov 2026",
    ",",
  ],
  take: (input) =>
    unlessRefused(isUserError, () => {
      const records = csvRecords(textOf(input));
      const { data } = pastOfRows(records, "counts.csv", "green");
      demand(data.minutes.length === records.length, "a row came or went");
      for (const [at, { atMs, candidate, active }] of data.minutes.entries()) {
        demandTime(String(records[at]?.["time"]), atMs);
        demand(
          candidate.errors <= candidate.requests && active.errors <= active.requests,
          "more failed than there were",
        );
      }
    }),
};

const recorded: FuzzedParser = {
  name: "recorded-requests",
  seeds: [
    '{"method":"POST","path":"/predict","headers":{"X-Team":"ml","Cookie":"a=b"},"body":{"features":[1,2]}}\n{"prediction":{"input":{"features":[1]},"requestId":"r"}}\nnot json\n',
  ],
  edits: "lines",
  words: [
    "method",
    "path",
    "headers",
    "body",
    "POST",
    "DELETE",
    "/predict",
    "/predict?x=1",
    "/predict/../admin",
    "prediction",
    "input",
  ],
  take(input) {
    const text = textOf(input);
    const { requests, skipped } = readRecorded(text, "/predict", [{ method: "POST", path: "/predict" }]);
    firstInput(text);
    for (const { question } of requests) {
      const { method, path, headers = {} } = question;
      demand(method === "POST" && path.split("?")[0] === "/predict", `${method} ${path} is not safe`);
      const target = new URL(path, "http://slot.example");
      demand(
        target.host === "slot.example" && target.pathname === "/predict",
        `${path} leads to ${target.href}`,
      );
      const names = Object.keys(headers);
      demand(
        !names.some((name) => ["cookie", "host", "x-slot", "x-slot-token"].includes(name.toLowerCase())),
        "a header of the user's session is sent again",
      );
    }
    const lines = text.split("\n").filter((line) => line.trim() !== "").length;
    const left = [...skipped.values()].reduce((sum, one) => sum + one, 0);
    demand(requests.length + left === lines, "a line is neither taken nor counted");
    return takenIf(requests.length > 0);
  },
};

const CSV = 'label,id,amount,slice.country\n3,a,1.5,DE\n4,b,,FR\n"5",c,"a,""b""\nc",DE\n';

export const ROWS: readonly FuzzedParser[] = [
  golden("golden-jsonl", "golden.jsonl", [GOLDEN]),
  golden("golden-csv", "golden.csv", [CSV]),
  feedback,
  signalRows,
  batch,
  counts,
  recorded,
];
