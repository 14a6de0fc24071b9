import { expect, it } from "vitest";
import { showProblem } from "../../../contract/checks/problem.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import { updateProblems } from "../../../contract/transition/transition.ts";
import { describeRefusals } from "../support/refusals.ts";
import { blue, both, configOf, firstRelease, problemsOf } from "../support/steps.ts";

const certificate = (id: string) => `arn:aws:acm:us-east-1:123456789012:certificate/${id}`;
const NAME = "model.example.com";
const https = (id = "one", more = {}) => ({
  ...both,
  service: { certificateArn: certificate(id), hostName: NAME, ...more },
});

describeRefusals("it would leave users at a door that is closed", [
  {
    title: "HTTPS instead of HTTP",
    before: both,
    after: https(),
    says: [
      `service.certificateArn is ${certificate("one")}; allowed: nothing as deployed while the stack has users, unless service.allowInPlace is true: requests by http are redirected from then on, a POST arrives as a GET, and who calls the load balancer's own name meets a certificate for another. Fix it: pulumi config rm --path service.certificateArn && pulumi config rm --path service.hostName`,
    ],
  },
]);

it("HTTP instead of HTTPS is refused, too", () => {
  expect(problemsOf(https(), both).map(showProblem)).toEqual([
    "service.certificateArn is nothing; allowed: a certificate as deployed while the stack has users, unless service.allowInPlace is true: requests by https fail from then on. Fix it: pulumi config set --path service.certificateArn <ARN> && pulumi config set --path service.hostName model.example.com",
  ]);
});

it("another certificate touches nobody", () => {
  expect(problemsOf(https("one"), https("two"))).toEqual([]);
});

const free = { rollout: { protect: false } };

it("a person may move them, and a stack without users has nobody to lose", () => {
  expect(problemsOf({ ...both, ...free }, { ...https("one", { allowInPlace: true }), ...free })).toEqual([]);
  const first = { blue, release: firstRelease, ...free };
  expect(
    problemsOf(first, { ...first, service: { certificateArn: certificate("one"), hostName: NAME } }),
  ).toEqual([]);
});

const noUsers = { blue, release: firstRelease };
const secure = { ...noUsers, service: { certificateArn: certificate("one"), hostName: NAME } };

describeRefusals("what it makes anew or deletes is protected", [
  {
    title: "HTTPS instead of HTTP",
    before: noUsers,
    after: secure,
    says: [
      "rollout.protect is true; allowed: false in the update that brings the certificate: the route is made anew at port 443. Afterwards it may be true again. Fix it: pulumi config set --path rollout.protect false",
    ],
  },
]);

it("a certificate goes in two steps where the listener is protected", () => {
  const said =
    "service.certificateArn is nothing; allowed: a certificate as deployed until an update with rollout.protect false: the listener at port 443 goes with it, and is protected. Then take it out again. Fix it: pulumi config set --path service.certificateArn <ARN> && pulumi config set --path service.hostName model.example.com && pulumi config set --path rollout.protect false && pulumi up";
  expect(problemsOf(secure, noUsers).map(showProblem)).toEqual([said]);
  expect(problemsOf(secure, { ...noUsers, ...free }).map(showProblem)).toEqual([said]);
  const unprotected = { ...secure, ...free };
  expect(problemsOf(secure, unprotected)).toEqual([]);
  for (const then of [noUsers, { ...noUsers, ...free }]) expect(problemsOf(unprotected, then)).toEqual([]);
});

const zone = { hostedZoneId: "Z0123456789", hostName: NAME };
const inZone = { ...both, service: zone };
const why = `while the stack has users, unless service.allowInPlace is true: the record of ${NAME} goes away`;

describeRefusals("the record that the stack made goes away under users", [
  {
    title: "another name",
    before: inZone,
    after: { ...both, service: { ...zone, hostName: "new.example.com" } },
    says: [
      `service.hostName is new.example.com; allowed: ${NAME} as deployed ${why}. Fix it: pulumi config set --path service.hostName ${NAME}`,
    ],
  },
  {
    title: "another zone",
    before: inZone,
    after: { ...both, service: { ...zone, hostedZoneId: "Z9876543210" } },
    says: [
      `service.hostedZoneId is Z9876543210; allowed: Z0123456789 as deployed ${why}. Fix it: pulumi config set --path service.hostedZoneId Z0123456789`,
    ],
  },
  {
    title: "a certificate instead of the zone",
    before: inZone,
    after: https(),
    says: [
      `service.hostedZoneId is nothing; allowed: Z0123456789 as deployed ${why}. Fix it: pulumi config set --path service.hostedZoneId Z0123456789`,
    ],
  },
  {
    title: "HTTP instead of HTTPS by the zone",
    before: inZone,
    after: both,
    says: [
      "service.hostedZoneId is nothing; allowed: a certificate as deployed while the stack has users, unless service.allowInPlace is true: requests by https fail from then on. Fix it: pulumi config set --path service.hostedZoneId Z0123456789 && pulumi config set --path service.hostName model.example.com",
      `service.hostName is nothing; allowed: ${NAME} as deployed ${why}. Fix it: pulumi config set --path service.hostName ${NAME}`,
    ],
  },
]);

it("a zone that comes to a certificate takes nothing from anybody, and neither does another name without a zone", () => {
  expect(problemsOf(https(), https("one", { hostedZoneId: zone.hostedZoneId }))).toEqual([]);
  expect(problemsOf(https(), https("one", { hostName: "new.example.com" }))).toEqual([]);
});

const shared = {
  vpcId: "vpc-1",
  taskSubnetIds: ["subnet-1", "subnet-2"],
  listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/2/3",
};
const onShared = (hostHeaders: readonly string[], service = {}) => ({
  ...both,
  network: { ...shared, hostHeaders, pathPatterns: ["/v1/*"] },
  service,
});

describeRefusals("the address would be one that nobody can use", [
  {
    title: "a certificate without a name",
    before: undefined,
    after: { blue, release: firstRelease, service: { certificateArn: certificate("one") } },
    says: [
      "service.hostName is nothing; allowed: the name that users call: service.certificateArn covers none of the load balancer's own. Fix it: pulumi config set --path service.hostName model.example.com",
    ],
  },
  {
    title: "a shared listener whose route has patterns alone",
    before: onShared(["*.example.com"]),
    after: onShared(["*.example.com"]),
    says: [
      "service.hostName is nothing; allowed: the name that users call: the route takes requests for *.example.com alone. Fix it: pulumi config set --path service.hostName model.example.com",
    ],
  },
  {
    title: "a certificate beside a shared listener",
    before: onShared([]),
    after: onShared([], { certificateArn: certificate("one") }),
    says: [
      `service.certificateArn is ${certificate("one")}; allowed: nothing with network.listenerArn: a shared listener shows the certificates that its owner gave it. Fix it: pulumi config rm --path service.certificateArn`,
    ],
  },
]);

it("a shared listener whose route takes any name, or one that is named, needs no other", () => {
  for (const hostHeaders of [[], ["*.example.com", NAME]]) {
    expect(problemsOf(undefined, onShared(hostHeaders))).toEqual([]);
  }
});

it("neither stands in the way of whoever moves users alone", () => {
  const nameless = { ...both, service: { certificateArn: certificate("one") } };
  for (const before of [nameless, onShared(["*.example.com"])]) {
    const shifted = previousOf(configOf({ ...before, greenWeight: 10 }));
    for (const back of [before, { ...before, greenWeight: 10, generation: 1 }]) {
      expect(updateProblems(shifted, { ok: true, config: configOf(back) })).toEqual([]);
    }
  }
});

it("a stack of which no address is remembered is not compared", () => {
  const { scheme: _, entrance: __, ...older } = previousOf(configOf(both));
  expect(updateProblems(older, { ok: true, config: configOf(https()) })).toEqual([]);
});
