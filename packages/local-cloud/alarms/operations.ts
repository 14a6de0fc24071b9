import * as v from "valibot";

import { AwsError, notSimulated } from "../aws-api/errors.ts";
import type { Operations } from "../aws-api/operations.ts";
import {
  integer,
  list,
  oneOf,
  page,
  parseInput,
  text,
  timestampMs,
  validationError,
} from "../metrics/input.ts";
import type { Alarm, AlarmBook } from "./book.ts";
import { childrenOf } from "./composite.ts";
import { readCompositeAlarm, readMetricAlarm, tagList } from "./definition.ts";
import { alarmsOf, parseRule } from "./rule.ts";
import { writeAlarm } from "./write.ts";

const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
const TYPES = ["MetricAlarm", "CompositeAlarm", "LogAlarm"] as const;
const KINDS = { metric: "MetricAlarm", composite: "CompositeAlarm" } as const;
// CloudWatch API: at most 100 records a page; DescribeAlarms answers 50 when not asked for a number.
const PAGE = { describe: 50, history: 100, most: 100 };

/** The alarm operations of CloudWatch. `settle` re-evaluates composites after the named alarm changed. */
export function alarmOperations(book: AlarmBook, settle: (changed: string) => void): Operations {
  return {
    PutMetricAlarm: (raw) => putMetricAlarm(raw, book),
    PutCompositeAlarm: (raw) => putCompositeAlarm(raw, book),
    DescribeAlarms: (raw) => describeAlarms(raw, book),
    DescribeAlarmHistory: (raw) => describeAlarmHistory(raw, book),
    DeleteAlarms: (raw) => deleteAlarms(raw, book),
    SetAlarmState: (raw) => setAlarmState(raw, book, settle),
    EnableAlarmActions: (raw) => switchActions("EnableAlarmActions", raw, book, true),
    DisableAlarmActions: (raw) => switchActions("DisableAlarmActions", raw, book, false),
    TagResource: (raw) => tagResource(raw, book),
    UntagResource: (raw) => untagResource(raw, book),
    ListTagsForResource: (raw) => listTags(raw, book),
  };
}

function putMetricAlarm(raw: Record<string, unknown>, book: AlarmBook) {
  const input = readMetricAlarm(raw);
  if (book.find(input.AlarmName)?.kind === "composite") {
    throw validationError(`A composite alarm with the name ${input.AlarmName} exists`);
  }
  book.putMetric(input);
  return {};
}

function putCompositeAlarm(raw: Record<string, unknown>, book: AlarmBook) {
  const input = readCompositeAlarm(raw);
  if (book.find(input.AlarmName)?.kind === "metric") {
    throw validationError(`A metric alarm with the name ${input.AlarmName} exists`);
  }
  const self = [input.AlarmName, book.arnOf(input.AlarmName)];
  const unknown = alarmsOf(parseRule(input.AlarmRule)).filter(
    (name) => !self.includes(name) && !book.find(name),
  );
  if (unknown.length > 0) {
    throw validationError(
      `Could not save the composite alarm as alarms [${[...new Set(unknown)].join(", ")}] in the alarm rule do not exist`,
    );
  }
  book.putComposite(input);
  return {};
}

const describeInput = v.strictObject({
  AlarmNames: v.optional(list(text(1, 255), 100)),
  AlarmNamePrefix: v.optional(text(1, 255)),
  AlarmTypes: v.optional(list(oneOf(TYPES), 10)),
  StateValue: v.optional(oneOf(STATES)),
  MaxRecords: v.optional(integer(1, PAGE.most)),
  NextToken: v.optional(v.string()),
});

function describeAlarms(raw: unknown, book: AlarmBook) {
  const input = parseInput("DescribeAlarms", describeInput, raw);
  if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) {
    throw validationError("AlarmNames and AlarmNamePrefix cannot be specified together");
  }
  const types = readTypes(input.AlarmTypes);
  const matching = book
    .all()
    .filter(
      ({ kind, state, input: { AlarmName } }) =>
        types.includes(KINDS[kind]) &&
        (input.AlarmNames ?? [AlarmName]).includes(AlarmName) &&
        AlarmName.startsWith(input.AlarmNamePrefix ?? "") &&
        (input.StateValue ?? state.value) === state.value,
    );
  const { items, next } = page(matching, input.MaxRecords ?? PAGE.describe, input.NextToken);
  return {
    MetricAlarms: items.filter((alarm) => alarm.kind === "metric").map(writeAlarm),
    CompositeAlarms: items.filter((alarm) => alarm.kind === "composite").map(writeAlarm),
    NextToken: next,
  };
}

const historyInput = v.strictObject({
  AlarmName: v.optional(text(1, 255)),
  AlarmTypes: v.optional(list(oneOf(TYPES), 10)),
  HistoryItemType: v.optional(oneOf(["ConfigurationUpdate", "StateUpdate", "Action"])),
  StartDate: v.optional(timestampMs),
  EndDate: v.optional(timestampMs),
  MaxRecords: v.optional(integer(1, PAGE.most)),
  NextToken: v.optional(v.string()),
  ScanBy: v.optional(oneOf(["TimestampDescending", "TimestampAscending"])),
});

function describeAlarmHistory(raw: unknown, book: AlarmBook) {
  const input = parseInput("DescribeAlarmHistory", historyInput, raw);
  const types = readTypes(input.AlarmTypes);
  const matching = book
    .history()
    .filter(
      (item) =>
        types.includes(KINDS[item.kind]) &&
        (input.AlarmName ?? item.alarmName) === item.alarmName &&
        (input.HistoryItemType ?? item.type) === item.type &&
        (input.StartDate ?? -Infinity) <= item.timestampMs &&
        item.timestampMs <= (input.EndDate ?? Infinity),
    );
  const ordered = input.ScanBy === "TimestampAscending" ? matching : matching.toReversed();
  const { items, next } = page(ordered, input.MaxRecords ?? PAGE.history, input.NextToken);
  return {
    AlarmHistoryItems: items.map((item) => ({
      AlarmName: item.alarmName,
      AlarmType: KINDS[item.kind],
      Timestamp: new Date(item.timestampMs),
      HistoryItemType: item.type,
      HistorySummary: item.summary,
      HistoryData: item.data,
    })),
    NextToken: next,
  };
}

const namesInput = v.strictObject({ AlarmNames: list(text(1, 255), 100) });

/** "If you specify an incorrect alarm name or make any other error, no alarms are deleted" (DeleteAlarms). */
function deleteAlarms(raw: unknown, book: AlarmBook) {
  const { AlarmNames } = parseInput("DeleteAlarms", namesInput, raw);
  const doomed = AlarmNames.map((name) => byName(book, name));
  if (doomed.filter((alarm) => alarm.kind === "composite").length > 1) {
    throw validationError("At most one composite alarm can be deleted in one request");
  }
  const staying = book.all().filter((alarm) => !AlarmNames.includes(alarm.input.AlarmName));
  const needed = staying.flatMap((alarm) => (alarm.kind === "composite" ? childrenOf(book, alarm) : []));
  const blocked = AlarmNames.filter((name) => needed.includes(name));
  if (blocked.length > 0) {
    throw validationError(
      `Cannot delete ${blocked.join(",")} as there are composite alarm(s) depending on ${blocked.length === 1 ? "it" : "them"}.`,
    );
  }
  for (const alarm of new Set(doomed)) book.remove(alarm);
  return {};
}

const setStateInput = v.strictObject({
  AlarmName: text(1, 255),
  StateValue: oneOf(STATES),
  StateReason: text(0, 1023),
  StateReasonData: v.optional(text(0, 4000)),
});

function setAlarmState(raw: unknown, book: AlarmBook, settle: (changed: string) => void) {
  const input = parseInput("SetAlarmState", setStateInput, raw);
  const alarm = byName(book, input.AlarmName);
  checkJson(input.StateReasonData);
  const next = { value: input.StateValue, reason: input.StateReason, reasonData: input.StateReasonData };
  book.setState(alarm, next, true);
  if (alarm.state.value !== input.StateValue) settle(input.AlarmName);
  return {};
}

function checkJson(text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    // The parser's own words say nothing that the caller needs.
    throw new AwsError("InvalidFormatFault", "StateReasonData is not valid JSON");
  }
}

function switchActions(operation: string, raw: unknown, book: AlarmBook, ActionsEnabled: boolean) {
  const { AlarmNames } = parseInput(operation, namesInput, raw);
  // Neither operation has an error for an unknown name in AWS's model.
  for (const name of AlarmNames) {
    const alarm = book.find(name);
    if (alarm?.kind === "metric") book.replace({ ...alarm, input: { ...alarm.input, ActionsEnabled } });
    if (alarm?.kind === "composite") book.replace({ ...alarm, input: { ...alarm.input, ActionsEnabled } });
  }
  return {};
}

const arnInput = text(1, 1024);

function tagResource(raw: unknown, book: AlarmBook) {
  const schema = v.strictObject({ ResourceARN: arnInput, Tags: tagList });
  const { ResourceARN, Tags } = parseInput("TagResource", schema, raw);
  const alarm = byArn(book, ResourceARN);
  const added = Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value]));
  book.replace({ ...alarm, tags: { ...alarm.tags, ...added } });
  return {};
}

function untagResource(raw: unknown, book: AlarmBook) {
  const schema = v.strictObject({ ResourceARN: arnInput, TagKeys: list(text(1, 128), 50) });
  const { ResourceARN, TagKeys } = parseInput("UntagResource", schema, raw);
  const alarm = byArn(book, ResourceARN);
  const kept = Object.entries(alarm.tags).filter(([key]) => !TagKeys.includes(key));
  book.replace({ ...alarm, tags: Object.fromEntries(kept) });
  return {};
}

function listTags(raw: unknown, book: AlarmBook) {
  const { ResourceARN } = parseInput("ListTagsForResource", v.strictObject({ ResourceARN: arnInput }), raw);
  return { Tags: Object.entries(byArn(book, ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })) };
}

/** SDK documentation of AlarmTypes: without it, only metric alarms are returned. */
function readTypes(asked: readonly (typeof TYPES)[number][] | undefined): readonly string[] {
  if (asked?.includes("LogAlarm") === true) throw notSimulated("CloudWatch", "log alarms");
  return asked ?? ["MetricAlarm"];
}

function byName(book: AlarmBook, name: string): Alarm {
  const alarm = book.find(name);
  if (alarm?.input.AlarmName !== name) throw new AwsError("ResourceNotFound", `Unknown alarm: ${name}`, 404);
  return alarm;
}

function byArn(book: AlarmBook, arn: string): Alarm {
  const alarm = book.find(arn);
  if (alarm?.arn !== arn) throw new AwsError("ResourceNotFoundException", `Unknown resource: ${arn}`, 404);
  return alarm;
}
