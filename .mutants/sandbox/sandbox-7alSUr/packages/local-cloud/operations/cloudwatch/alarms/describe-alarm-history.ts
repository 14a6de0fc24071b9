import * as v from "valibot";
import { transactionsPerSecond } from "../../../access/rate.ts";
import { ALARM_TYPES, readTypes, TYPE_OF_KIND } from "../../../alarms/find.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { integer, list, oneOf, page, parseInput, text, timestampMs } from "../../../metrics/input.ts";

const Input = v.strictObject({
  AlarmName: v.optional(text(1, 255)),
  AlarmTypes: v.optional(list(oneOf(ALARM_TYPES), 10)),
  HistoryItemType: v.optional(oneOf(["ConfigurationUpdate", "StateUpdate", "Action"])),
  StartDate: v.optional(timestampMs),
  EndDate: v.optional(timestampMs),
  // CloudWatch API: at most 100 records a page.
  MaxRecords: v.optional(integer(1, 100), 100),
  NextToken: v.optional(v.string()),
  ScanBy: v.optional(oneOf(["TimestampDescending", "TimestampAscending"])),
});

export default defineOperation({
  service: "cloudwatch",
  name: "DescribeAlarmHistory",
  rate: transactionsPerSecond(20),
  run({ book }, raw) {
    const input = parseInput("DescribeAlarmHistory", Input, raw);
    const types = readTypes(input.AlarmTypes);
    const matching = book
      .history()
      .filter(
        (item) =>
          types.includes(TYPE_OF_KIND[item.kind]) &&
          (input.AlarmName ?? item.alarmName) === item.alarmName &&
          (input.HistoryItemType ?? item.type) === item.type &&
          (input.StartDate ?? -Infinity) <= item.timestampMs &&
          item.timestampMs <= (input.EndDate ?? Infinity),
      );
    const ordered = input.ScanBy === "TimestampAscending" ? matching : matching.toReversed();
    const { items, next } = page(ordered, input.MaxRecords, input.NextToken);
    return {
      AlarmHistoryItems: items.map((item) => ({
        AlarmName: item.alarmName,
        AlarmType: TYPE_OF_KIND[item.kind],
        Timestamp: new Date(item.timestampMs),
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      NextToken: next,
    };
  },
});
