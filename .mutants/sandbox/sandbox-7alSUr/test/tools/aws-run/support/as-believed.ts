import type {
  MinuteSeen,
  Observations,
  Series,
  TrafficSeen,
} from "../../../../tools/aws-run/observations.ts";

export const MINUTES = 6;

/** One value a minute, each readable so many seconds after its minute. */
export const every = (value: number, lagSeconds = 90): Series =>
  Array.from({ length: MINUTES }, (_, minute): MinuteSeen => ({ minute, value, lagSeconds }));

export const changed = (
  series: Series,
  ...points: readonly (readonly [minute: number, value: number])[]
): Series =>
  series.map((point) => {
    const [, value = point.value] = points.find(([minute]) => minute === point.minute) ?? [];
    return { ...point, value };
  });

// 40 requests a minute, in two minutes nothing but one that lasts from the first into the second; four given up.
const REQUESTS = changed(every(40), [3, 1], [4, 0]);
const ANSWERS = changed(every(40), [0, 36], [3, 0], [4, 1]);

export const TRAFFIC: TrafficSeen = {
  minutes: MINUTES,
  busyMinutes: [0, 1, 2, 5],
  busy: {
    requests: REQUESTS,
    answers2xx: ANSWERS,
    answers5xx: [],
    lateAnswers: changed(every(0), [1, 3], [4, 1]),
    connectionErrors: [],
    hosts: every(1, 60),
    hostsMinimum: every(0, 60),
    hostsMaximum: every(1, 60),
  },
  idle: { requests: [], hosts: every(1, 60) },
  zones: [
    { zone: "us-east-1a", minimum: every(1), maximum: every(1) },
    { zone: "us-east-1b", minimum: every(0), maximum: every(0) },
  ],
  loadBalancer: { elb4xx: changed(every(0), [0, 4]) },
  sent: { requests: 161, givenUp: 4, late: 4, long: { asked: 3, answered: 4 } },
};

const taken = { accepted: true, said: "taken" };

const no = { accepted: false, said: "ValidationError" };
const NOTHING_TAKEN = { hostName: no, pathPattern: no, noSource: no, decimals: no };

/** Everything as AWS documents it, or as it is believed where AWS does not say. */
export const AS_BELIEVED: Observations = {
  route: {
    weights: [100, 0],
    singleSticky: taken,
    secondListener: taken,
    defaultAction: taken,
    tagSeconds: 0,
    refused: NOTHING_TAKEN,
  },
  shift: { propagationSeconds: 4, cookieAtZero: "2", cookieOffSeconds: 5, cookieRemovedSeconds: 5 },
  group: {
    changed: [{ key: "slow_start.duration_seconds", value: "60", read: "60" }],
    healthyBefore: 1,
    fewestHealthy: 1,
    failedRequests: 0,
  },
  traffic: TRAFFIC,
  alarms: {
    unknown: [],
    lookBack: ["INSUFFICIENT_DATA", "ALARM"],
    lookBackTwo: ["INSUFFICIENT_DATA", "OK"],
    ifPoints: 1,
    fillPoints: 3,
    warmUp: [
      { seconds: 20, state: "INSUFFICIENT_DATA" },
      { seconds: 170, state: "INSUFFICIENT_DATA" },
      { seconds: 220, state: "ALARM" },
    ],
    warmUpSeconds: 180,
  },
  zones: {
    listed: [{ name: "us-east-1a", type: "availability-zone" }],
    tasks: [
      { zone: "us-east-1a", zoneId: "use1-az1", ran: true, why: "" },
      { zone: "us-west-1c", zoneId: "usw1-az2", ran: false, why: "Fargate is not there" },
    ],
  },
  internal: { accepted: false, said: "Internal load balancers must use the ipv4 address type" },
  certificates: { records: [["_a.example.com CNAME _b"], ["_a.example.com CNAME _b"]] },
  release: {
    commands: [{ command: "pulumi up", exitCode: 0, said: "" }],
    drift: [],
    revertSeconds: 2,
  },
  rights: {
    called: [
      ...["TagResource", "ListTagsForResource"].map((name) => `application-autoscaling:${name}`),
      ...["AccountAttributes", "InternetGateways", "SecurityGroups", "Subnets", "Vpcs"].map(
        (name) => `ec2:Describe${name}`,
      ),
      "ec2:DescribeNetworkInterfaces",
      "elasticloadbalancing:DescribeCapacityReservation",
      "elasticloadbalancing:DescribeListenerAttributes",
      "sts:GetCallerIdentity",
    ],
    denied: [],
  },
};
