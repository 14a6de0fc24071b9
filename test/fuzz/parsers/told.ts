import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { isRecord } from "../../../contract/config/field.ts";
import { cloudWatchPredictions } from "../../../validation/adapters/labels/prediction-log.ts";
import { customAssessment } from "../../../validation/gates/custom.ts";
import { wokenBy } from "../../../watchdog/event.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { jsonOf, takenIf, textOf } from "../support.ts";

/** What a gate of the user's own says. */
const gateAnswer: FuzzedParser = {
  name: "gate-answer",
  seeds: ['{"answer":"pass","reason":"revenue is 3 % up","evidence":{"revenue":1.03,"orders":"12"}}'],
  edits: "json",
  words: ["answer", "pass", "fail", "noAnswer", "reason", "evidence", "__proto__", " "],
  take(input) {
    const value = jsonOf(textOf(input));
    const { answer } = customAssessment(
      { name: "revenue", asks: { kind: "url", url: "http://127.0.0.1" }, timeoutSeconds: 1 },
      { readable: true, value },
    );
    const said = isRecord(value) ? value : {};
    const isUnread = answer.kind === "noAnswer" && answer.cause === "unreadable";
    demand(answer.kind !== "pass" || said["answer"] === "pass", "it passes, and nobody said so");
    demand(isUnread || (typeof said["reason"] === "string" && said["reason"].trim() !== ""), "no reason");
    demand(answer.reason.length < 1_000, "its reason has no bound");
    demand(
      Object.values(answer.evidence).every((one) => typeof one === "number" || typeof one === "string"),
      "evidence that is none",
    );
    return takenIf(!isUnread);
  },
};

const ALARMS = { blue: "fraud-blue", green: "fraud-green" };

/** What Lambda calls the watchdog with. */
const watchdogEvent: FuzzedParser = {
  name: "watchdog-event",
  seeds: [
    '{"source":"aws.cloudwatch","alarmArn":"arn:aws:cloudwatch:eu-west-1:1:alarm:fraud-green","alarmData":{"alarmName":"fraud-green","state":{"value":"ALARM","reason":"1 of 3","timestamp":"2026-11-30T10:00:00.000+0000"}}}',
    '{"source":"aws.events","detail-type":"Scheduled Event"}',
  ],
  edits: "json",
  words: ["source", "aws.events", "aws.cloudwatch", "alarmName", "fraud-blue", "state", "OK", "+00:00"],
  take: (input) => {
    const event = jsonOf(textOf(input));
    return unlessRefused(
      (error) =>
        error instanceof Error &&
        /^(the watchdog was called with an event|an alarm without a time)/.test(error.message),
      () => {
        const trigger = wokenBy(event, ALARMS);
        if (trigger?.kind !== "alarm") return;
        demand(Number.isFinite(trigger.atMs), "an alarm at no time");
        demand(trigger.reason.startsWith(ALARMS[trigger.slot]), "the alarm of the other slot");
      },
    );
  },
};

/** Lines of a log, in which everybody who writes it may say what was predicted. */
const predictionLog: FuzzedParser = {
  name: "prediction-log",
  seeds: [
    '{"prediction":{"requestId":"r1","version":"2","answer":{"label":"3"},"segment":{"country":"DE"}}}\nGET /predict 200',
    '{"prediction":{"requestId":"r2","answer":4}}\n{"prediction":{"requestId":"r1","answer":[1,2]}}',
  ],
  edits: "lines",
  words: ["prediction", "requestId", "r1", "r2", "answer", "version", "segment", "null", "{}"],
  async take(input) {
    const events = textOf(input)
      .split("\n")
      .map((message, at) => ({ timestamp: 1_780_000_000_000 + at, message }));
    // The one call that the adapter makes of its client.
    const client = (async () => ({
      send: async () => ({ events }),
    })) as unknown as () => Promise<CloudWatchLogsClient>;
    const asked = new Set(["r1", "r2"]);
    const found = await cloudWatchPredictions(client).find(new Map([["green", "s"]]), asked, 0, 1);
    for (const [id, read] of found) {
      demand(asked.has(id), "a request that nobody asked for");
      if (read === "several") {
        demand(events.length > 1, "one line says several things");
        continue;
      }
      const { requestId, atMs, segments, version } = read;
      demand(id === requestId, "another request");
      demand(
        events.some(({ timestamp, message }) => timestamp === atMs && message.includes("prediction")),
        "no such line",
      );
      demand(version === undefined || version !== "", "a version without a name");
      demand(
        Object.values(segments).every((one) => typeof one === "string"),
        "a segment is no text",
      );
    }
    return takenIf(found.size > 0);
  },
};

export const TOLD: readonly FuzzedParser[] = [gateAnswer, watchdogEvent, predictionLog];
