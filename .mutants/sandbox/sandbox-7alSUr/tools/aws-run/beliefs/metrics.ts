import { by, couldNotTell, eitherWay, failed, seen, type Belief, type Judged } from "../belief.ts";
import type { Series, TrafficSeen } from "../observations.ts";

/** The last minutes may still be on their way when the looking ends. */
const settled = (series: Series, minutes: number): Series =>
  series.filter(({ minute }) => minute >= 0 && minute < minutes);
const sum = (series: Series) => series.reduce((total, { value }) => total + value, 0);
const at = (series: Series, minute: number) => series.find((point) => point.minute === minute);
const minutesWithout = (series: Series, minutes: number) =>
  Array.from({ length: minutes }, (_, minute) => minute).filter((minute) => at(series, minute) === undefined);

function countLag({ busy, busyMinutes }: TrafficSeen): Judged {
  const points = busyMinutes.map((minute) => at(busy.requests, minute));
  const never = points.filter((point) => point === undefined).length;
  if (points.length === 0) return couldNotTell("nobody asked");
  if (never > 0) return failed(`${never} of ${points.length} minutes with requests never came`);
  const lag = Math.max(...points.map((point) => point?.lagSeconds ?? 0));
  return eitherWay(lag <= 300, `the slowest of ${points.length} minutes could be read after ${lag} s`);
}

function hostsEachMinute({ busy, idle, minutes }: TrafficSeen): Judged {
  const without = [busy.hosts, idle.hosts].map((series) => minutesWithout(series, minutes).length);
  return eitherWay(
    without.every((count) => count === 0),
    `of ${minutes} minutes without HealthyHostCount: ${without[0]} with users, ${without[1]} without`,
  );
}

function countsTogether({ busy, minutes }: TrafficSeen): Judged {
  const pairs = settled(busy.requests, minutes).flatMap((point) => {
    const hosts = at(busy.hosts, point.minute);
    const answers = at(busy.answers2xx, point.minute);
    return hosts === undefined || answers === undefined ? [] : [{ point, hosts, answers }];
  });
  if (pairs.length < 3) return couldNotTell(`only ${pairs.length} minutes have hosts, requests and answers`);
  const behind = Math.max(...pairs.map(({ point, hosts }) => point.lagSeconds - hosts.lagSeconds));
  const apart = Math.max(...pairs.map(({ point, answers }) => answers.lagSeconds - point.lagSeconds));
  return eitherWay(
    behind <= 300 && apart < 180,
    `requests came at most ${behind} s after hosts, answers at most ${apart} s after requests`,
  );
}

function hostsByZone({ busy, zones, minutes }: TrafficSeen): Judged {
  const most = zones.map(({ maximum }) =>
    Math.max(0, ...settled(maximum, minutes).map(({ value }) => value)),
  );
  if (zones.length < 2 || most.every((value) => value === 0))
    return couldNotTell(`${zones.length} zones reported, and no target in them`);
  if (most.every((value) => value > 0))
    return failed("each zone's node counts a target that stands in one zone");
  const maximum = settled(busy.hostsMaximum, minutes).map(({ value }) => value);
  const minimum = settled(busy.hostsMinimum, minutes).map(({ value }) => value);
  if (maximum.length === 0) return couldNotTell("no HealthyHostCount over all zones");
  return eitherWay(
    Math.min(...maximum) > 0,
    `by zone ${most.join(" and ")}; over all zones Maximum ${Math.min(...maximum)}, Minimum ${Math.min(...minimum)}`,
  );
}

function lateAnswers({ busy, sent, minutes }: TrafficSeen): Judged {
  if (sent.late === 0) return couldNotTell("no answer was late");
  const counted = sum(settled(busy.lateAnswers, minutes));
  return eitherWay(counted === sent.late, `${sent.late} late answers, TC counts ${counted}`);
}

function minuteOfAnswer({ busy, sent }: TrafficSeen): Judged {
  if (sent.long === undefined || sent.long.asked === sent.long.answered)
    return couldNotTell("no request was asked in one minute and answered in another");
  const { asked, answered } = sent.long;
  const requests = [asked, answered].map((minute) => at(busy.requests, minute)?.value ?? 0);
  const answers = [asked, answered].map((minute) => at(busy.answers2xx, minute)?.value ?? 0);
  return eitherWay(
    requests.join() === "1,0" && answers.join() === "0,1",
    `a request alone, asked in one minute and answered in a later one: RequestCount ${requests.join(" and ")}, 2xx ${answers.join(" and ")}`,
  );
}

function givenUp({ busy, loadBalancer, sent, minutes }: TrafficSeen): Judged {
  if (sent.givenUp === 0) return couldNotTell("no request was given up");
  const answered = sum(settled(busy.answers2xx, minutes)) + sum(settled(busy.answers5xx, minutes));
  const without = sum(settled(busy.requests, minutes)) - answered;
  const as460 = sum(settled(loadBalancer.elb4xx, minutes));
  return eitherWay(
    without === sent.givenUp && as460 >= sent.givenUp,
    `${sent.givenUp} given up: ${without} requests of the group without an answer, ${as460} in HTTPCode_ELB_4XX_Count`,
  );
}

function noConnectionErrors({ busy, sent, minutes }: TrafficSeen): Judged {
  if (sent.givenUp === 0) return couldNotTell("no client left");
  const errors = sum(settled(busy.connectionErrors, minutes));
  return eitherWay(errors === 0, `${sent.givenUp} clients left, TargetConnectionErrorCount ${errors}`);
}

/** What CloudWatch has of a load balancer and when. */
export const METRICS: readonly Belief[] = [
  {
    id: "count-lag",
    words: "A minute's `RequestCount` can be read within five minutes",
    from: "seen in practice, no figure",
    leansOn: "the gates read complete minutes only",
    proof: by("traffic", countLag),
  },
  {
    id: "idle-count",
    words: "An idle group reports no `RequestCount`, or 0",
    from: "two editions of the guide differ",
    leansOn: '"drained" takes both for no requests; the alarms on rates are right under both',
    proof: by("traffic", ({ idle, minutes }) => {
      const points = settled(idle.requests, minutes);
      if (points.some(({ value }) => value !== 0)) return failed(`${sum(points)} requests of an idle group`);
      return seen(points.length === 0 ? "no point at all" : `0 in ${points.length} of ${minutes} minutes`);
    }),
  },
  {
    id: "hosts-each-minute",
    words:
      "`HealthyHostCount` of a group is reported in each minute in which it has registered targets, at the latest while the load balancer has requests",
    from: 'ELB guide: "reported if there are registered targets", and "reports metrics only when requests are flowing through the load balancer"',
    leansOn:
      "it tells the alarms on rates which minutes are published: one without it is missing, neither good nor bad",
    proof: by("traffic", hostsEachMinute),
  },
  {
    id: "counts-together",
    words:
      "`HealthyHostCount` comes at most five minutes before the group's requests and answers do; `RequestCount` and the counts of answers come together",
    from: "one service measures both, no figure",
    leansOn:
      "a minute with hosts and without requests is quiet: up to five such of eight hide no three bad ones. Answers three minutes later than their requests would set off `unanswered-rate`, which pages and rolls nobody back alone",
    proof: by("traffic", countsTogether),
  },
  {
    id: "hosts-by-zone",
    words:
      "`HealthyHostCount` of a group is measured by each zone's node, so that its `Minimum` may be 0 where one zone has no target and its `Maximum` is 0 only where none has",
    from: 'ELB guide (dimensions; "Maximum" and "Minimum" among the statistics); what the samples are is not said',
    leansOn:
      "`healthy-hosts` and `out-of-service` take the `Maximum`; the comparison's requests per task take the `Minimum`, of both slots alike",
    proof: by("traffic", hostsByZone),
  },
  {
    id: "trimmed-count",
    words: "`TC(x:)` counts the samples of `TargetResponseTime` above x, in alarms as in `GetMetricData`",
    from: "CloudWatch guide, statistics definitions (trimmed count); percentiles are published for this metric, so it has a distribution",
    leansOn: "`slow-rate`, late answers in the comparison",
    proof: by("traffic", lateAnswers),
  },
  {
    id: "minute-of-answer",
    words:
      "A request is in `RequestCount` of the minute in which its target was chosen, its answer in the counts of the minute in which it came",
    from: 'follows from "was able to choose a target" and "generated by the targets"',
    leansOn:
      "`error-rate` and `slow-rate` divide answers by answers of one minute, so slow answers change nothing. `unanswered-rate` subtracts them: where answers take minutes, a rise of the traffic shows in it as long as an answer takes",
    proof: by("traffic", minuteOfAnswer),
  },
  {
    id: "given-up-460",
    words:
      "A request that its client gives up is in `RequestCount` of the target group, and in `HTTPCode_ELB_4XX_Count` of the load balancer as a 460; no other metric of the group has it",
    from: 'ELB guide: `RequestCount` is "incremented for requests where the load balancer node was able to choose a target", 4xx "were not received by the target, other than in the case where the load balancer returns an HTTP 460 error code"; access logs in public questions show 460 with a target and without a status of it',
    leansOn: "requests without an answer prove nothing where users choose their slot",
    proof: by("traffic", givenUp),
  },
  {
    id: "connection-errors",
    words: "`TargetConnectionErrorCount` is per target group and zone, and no client that leaves adds to it",
    from: "ELB guide (dimensions); the second half follows from connections being made in milliseconds, and is not said",
    leansOn: "counts as a fault of the slot, at most as many as went unanswered",
    proof: by("traffic", noConnectionErrors),
  },
];
