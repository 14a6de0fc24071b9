import { by, couldNotTell, eitherWay, failed, seen, type Belief, type Judged } from "../belief.ts";
import type { AlarmsSeen } from "../observations.ts";

// The state changes a little after the minute's end; what is believed is a matter of minutes.
const SLACK_SECONDS = 90;

function warmUp({ warmUp, warmUpSeconds }: AlarmsSeen): Judged {
  const early = warmUp.filter(({ seconds }) => seconds < warmUpSeconds);
  if (early.length < 2) return couldNotTell(`looked ${early.length} times while it warmed up`);
  const other = early.find(({ state }) => state !== "INSUFFICIENT_DATA");
  if (other !== undefined) return failed(`${other.state} ${other.seconds} s after its creation`);
  const ended = warmUp.find(({ state }) => state !== "INSUFFICIENT_DATA");
  if (ended === undefined) return couldNotTell("it was not watched until its warm-up had ended");
  return eitherWay(
    ended.seconds <= warmUpSeconds + 5 * SLACK_SECONDS,
    `INSUFFICIENT_DATA for ${warmUpSeconds} s, ${ended.state} after ${ended.seconds} s`,
  );
}

function lookBack({ lookBack, lookBackTwo }: AlarmsSeen): Judged {
  if (lookBack.length === 0 || lookBackTwo.length === 0) return couldNotTell("the alarms were never read");
  if (lookBackTwo.includes("ALARM")) return failed("ALARM with two bad minutes, where three are asked for");
  return eitherWay(lookBack.includes("ALARM"), `states: ${[...new Set(lookBack)].join(", ")}`);
}

/** How CloudWatch's alarms and its mathematics go about points that are late or missing. */
export const ALARMS: readonly Belief[] = [
  {
    id: "alarm-looks-back",
    words:
      "An alarm looks at more minutes than its N, and with fewer than N there takes M real bad ones for ALARM; N = 8 reaches at least nine back",
    from: 'CloudWatch guide, "Evaluating an alarm" (3 → 5 is its one example) and "missing data"',
    leansOn: "three bad minutes are ALARM when CloudWatch is five minutes late",
    proof: by("alarms", lookBack),
  },
  {
    id: "if-drops-missing",
    words:
      "A point that is missing to the condition of `IF` is dropped; `FILL` fills a series without any point",
    from: 'CloudWatch guide, "Using IF expressions"; aws/aws-sdk-js-v3#6873',
    leansOn: "which minutes are missing to the alarms on rates",
    proof: by("alarms", ({ ifPoints, fillPoints }) =>
      ifPoints === undefined || fillPoints === undefined
        ? couldNotTell("the points could not be read")
        : eitherWay(
            ifPoints === 1 && fillPoints > 0,
            `IF with one point of three in its condition gave ${ifPoints}, FILL of nothing gave ${fillPoints}`,
          ),
    ),
  },
  {
    id: "warm-up",
    words: "A new alarm with `WarmUpConfiguration` stays in `INSUFFICIENT_DATA` for all of it, once",
    from: 'CloudWatch guide and API, "Alarm warm-up periods"',
    leansOn: "a slot that starts pages nobody (`out-of-service`)",
    proof: by("alarms", warmUp),
  },
  {
    id: "unknown-alarms",
    words: "`DescribeAlarms` leaves unknown names out without an error",
    from: "not documented",
    leansOn: 'the alarm gate compares names and takes a missing one for "no answer"',
    proof: by("alarms", ({ unknown }) => {
      if (unknown === undefined) return failed("DescribeAlarms was refused");
      return unknown.length === 0 ? seen("left out") : failed(`answered with ${unknown.join(", ")}`);
    }),
  },
];
