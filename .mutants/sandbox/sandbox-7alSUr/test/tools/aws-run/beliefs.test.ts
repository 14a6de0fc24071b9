import { describe, expect, it } from "vitest";
import { allBeliefs } from "../../../tools/aws-run/beliefs.ts";
import type { Judged } from "../../../tools/aws-run/belief.ts";
import { STEPS } from "../../../tools/aws-run/experiments.ts";
import type { Observations, TrafficSeen } from "../../../tools/aws-run/observations.ts";
import { AS_BELIEVED, every, TRAFFIC, changed } from "./support/as-believed.ts";

type Seen = Partial<Observations>;

function judge(id: string, seen: Seen): Judged {
  const proof = allBeliefs().find((belief) => belief.id === id)?.proof;
  if (proof === undefined || "none" in proof) throw new Error(`no experiment answers ${id}`);
  return proof.judge(seen);
}

const traffic = (busy: Partial<TrafficSeen["busy"]>, more: Partial<TrafficSeen> = {}): Seen => ({
  traffic: { ...TRAFFIC, ...more, busy: { ...TRAFFIC.busy, ...busy } },
});
const { route, shift, group, alarms, zones, release, rights } = AS_BELIEVED;
const refused = { accepted: false, said: "TargetGroupAssociationLimit" };

const yes = { accepted: true, said: "it was taken" };
const allTaken = {
  route: { ...route, refused: { hostName: yes, pathPattern: yes, noSource: yes, decimals: yes } },
};

/** What AWS would have to answer for each belief to be false. */
const CONTRARY: Readonly<Record<string, Seen>> = {
  "cookie-at-weight-0": { shift: { ...shift, cookieAtZero: "1" } },
  "cookie-stickiness-off": { shift: { ...shift, cookieOffSeconds: undefined } },
  "cookie-group-removed": { shift: { ...shift, cookieRemovedSeconds: undefined } },
  propagation: { shift: { ...shift, propagationSeconds: 121 } },
  "rule-weight-0": { route: { ...route, weights: [100, 1] } },
  "single-group-sticky": { route: { ...route, singleSticky: refused } },
  "two-listeners": { route: { ...route, secondListener: refused } },
  "default-action-in-place": { route: { ...route, defaultAction: refused } },
  "host-name-dot": allTaken,
  "path-characters": allTaken,
  "rule-without-source": allTaken,
  "ten-decimals": allTaken,
  "rule-tag": { route: { ...route, tagSeconds: 6 } },
  "group-attributes-in-place": { group: { ...group, fewestHealthy: 0 } },
  "internal-ipv4": { internal: { accepted: true, said: "it was made" } },
  "route-reads-back": { release: { ...release, drift: ["~ aws:lb:ListenerRule"] } },
  "count-lag": traffic({ requests: every(40, 301) }),
  "idle-count": traffic({}, { idle: { ...TRAFFIC.idle, requests: changed(every(0), [1, 1]) } }),
  "hosts-each-minute": traffic({ hosts: TRAFFIC.busy.hosts.slice(1) }),
  "counts-together": traffic({
    answers2xx: TRAFFIC.busy.answers2xx.map((one) => ({ ...one, lagSeconds: 270 })),
  }),
  "hosts-by-zone": traffic({ hostsMaximum: changed(every(1), [2, 0]) }),
  "trimmed-count": traffic({ lateAnswers: [] }),
  "minute-of-answer": traffic({ answers2xx: changed(TRAFFIC.busy.answers2xx, [3, 1], [4, 0]) }),
  "given-up-460": traffic({ answers5xx: changed(every(0), [0, 4]) }),
  "connection-errors": traffic({ connectionErrors: changed(every(0), [0, 4]) }),
  "alarm-looks-back": { alarms: { ...alarms, lookBack: ["INSUFFICIENT_DATA", "OK"] } },
  "if-drops-missing": { alarms: { ...alarms, ifPoints: 3 } },
  "warm-up": {
    alarms: {
      ...alarms,
      warmUp: [
        { seconds: 20, state: "INSUFFICIENT_DATA" },
        { seconds: 70, state: "ALARM" },
      ],
    },
  },
  "unknown-alarms": { alarms: { ...alarms, unknown: undefined } },
  "fargate-zones": { zones: { ...zones, tasks: zones.tasks.map((one) => ({ ...one, ran: false })) } },
  "no-local-zones": { zones: { ...zones, listed: [{ name: "us-east-1-bos-1a", type: "local-zone" }] } },
  "one-validation-record": { certificates: { records: [["a"], ["b"]] } },
  release: { release: { ...release, commands: [{ command: "deploy", exitCode: 10, said: "BG140" }] } },
  "rights-enough": { rights: { ...rights, called: [...rights.called, "ec2:RebootInstances"] } },
};
/** CloudTrail can show that a call was made, never that it is not needed. */
const NEVER_FAIL = ["rights-scaling-tags", "rights-elb-looks", "rights-interfaces", "rights-elb-reads"];
const answerable = allBeliefs().filter(({ proof }) => "experiment" in proof);

describe("what is believed of AWS", () => {
  it("has each belief once, and says of each without an experiment why", () => {
    const ids = allBeliefs().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, proof } of allBeliefs())
      if ("none" in proof) expect([id, proof.none]).toEqual([id, expect.stringMatching(/.{20}/)]);
  });

  it("is answered by experiments that the run makes, each of which answers something", () => {
    const made = STEPS.map(({ id }) => id).filter((id) => id !== "base");
    const asked = answerable.flatMap(({ proof }) => ("experiment" in proof ? [proof.experiment] : []));
    expect([...new Set(asked)].toSorted()).toEqual(made.toSorted());
  });

  it.each(answerable.map(({ id }) => id))("%s is seen when AWS answers as it is believed", (id) => {
    expect(judge(id, AS_BELIEVED)).toEqual({ state: "seen", why: expect.stringMatching(/./) });
  });

  it.each(answerable.map(({ id }) => id).filter((id) => !NEVER_FAIL.includes(id)))(
    "%s fails when AWS answers otherwise",
    (id) => {
      expect(judge(id, { ...AS_BELIEVED, ...CONTRARY[id] })).toEqual({
        state: "failed",
        why: expect.stringMatching(/./),
      });
    },
  );

  it.each(answerable.map(({ id }) => id))("%s cannot be told when its experiment was not made", (id) => {
    expect(judge(id, {}).state).toBe("couldNotTell");
  });

  it.each(NEVER_FAIL)("%s cannot be told when a call is not in CloudTrail", (id) => {
    expect(judge(id, { rights: { called: ["ec2:DescribeVpcs"], denied: [] } }).state).toBe("couldNotTell");
  });

  it.each<readonly [string, Seen]>([
    ["internal-ipv4", { internal: { accepted: false, said: "the subnets have no IPv6 range" } }],
    ["hosts-by-zone", traffic({}, { zones: TRAFFIC.zones.slice(0, 1) })],
    ["trimmed-count", traffic({}, { sent: { ...TRAFFIC.sent, late: 0 } })],
    ["warm-up", { alarms: { ...alarms, warmUp: [{ seconds: 20, state: "INSUFFICIENT_DATA" }] } }],
    ["one-validation-record", { certificates: { records: [["a"], []] } }],
    ["rights-enough", { rights: { called: [], denied: [] } }],
  ])("%s cannot be told from an answer that has another reason, or too little in it", (id, seen) => {
    expect(judge(id, seen).state).toBe("couldNotTell");
  });

  it("does not wait for a minute in which nobody asked, and does for one in which somebody did", () => {
    const without = (minute: number) =>
      traffic({ requests: TRAFFIC.busy.requests.filter((point) => point.minute !== minute) });
    expect(judge("count-lag", without(4)).state).toBe("seen");
    expect(judge("count-lag", without(5)).state).toBe("failed");
  });

  it("does not count minutes whose metrics are of before and after the experiment", () => {
    const outside = [
      { minute: -1, value: 7, lagSeconds: 900 },
      { minute: TRAFFIC.minutes, value: 7, lagSeconds: 900 },
    ];
    const seen = traffic({ requests: [...TRAFFIC.busy.requests, ...outside] });
    expect(judge("count-lag", seen).state).toBe("seen");
    expect(judge("given-up-460", seen).state).toBe("seen");
  });
});
