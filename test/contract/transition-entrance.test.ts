import { expect, it } from "vitest";
import { showProblem } from "../../contract/problem.ts";
import { previousOf } from "../../contract/transition/previous.ts";
import { updateProblems } from "../../contract/transition.ts";
import { describeRefusals } from "./support/refusals.ts";
import { blue, both, configOf, firstRelease, problemsOf } from "./support/steps.ts";

const certificate = (id: string) => `arn:aws:acm:us-east-1:123456789012:certificate/${id}`;
const https = (id = "one", more = {}) => ({
  ...both,
  service: { certificateArn: certificate(id), ...more },
});

describeRefusals("it would leave users at a door that is closed", [
  {
    title: "HTTPS instead of HTTP",
    before: both,
    after: https(),
    says: [
      `service.certificateArn is ${certificate("one")}; allowed: nothing as deployed while the stack has users, unless service.allowInPlace is true: requests by http are redirected from then on, and a POST arrives as a GET. Mend it: pulumi config rm --path service.certificateArn`,
    ],
  },
]);

it("HTTP instead of HTTPS is refused, too", () => {
  expect(problemsOf(https(), both).map(showProblem)).toEqual([
    "service.certificateArn is nothing; allowed: a certificate as deployed while the stack has users, unless service.allowInPlace is true: requests by https fail from then on. Mend it: pulumi config set --path service.certificateArn <ARN>",
  ]);
});

it("another certificate touches nobody", () => {
  expect(problemsOf(https("one"), https("two"))).toEqual([]);
});

const free = { rollout: { protect: false } };

it("a person may move them, and a stack without users has nobody to lose", () => {
  expect(problemsOf({ ...both, ...free }, { ...https("one", { allowInPlace: true }), ...free })).toEqual([]);
  const first = { blue, release: firstRelease, ...free };
  expect(problemsOf(first, { ...first, service: { certificateArn: certificate("one") } })).toEqual([]);
});

const noUsers = { blue, release: firstRelease };
const secure = { ...noUsers, service: { certificateArn: certificate("one") } };

describeRefusals("what it makes anew or deletes is protected", [
  {
    title: "HTTPS instead of HTTP",
    before: noUsers,
    after: secure,
    says: [
      "rollout.protect is true; allowed: false in the update that brings the certificate: the route is made anew at port 443. Afterwards it may be true again. Mend it: pulumi config set --path rollout.protect false",
    ],
  },
]);

it("a certificate goes in two steps where the listener is protected", () => {
  const said =
    "service.certificateArn is nothing; allowed: a certificate as deployed until an update with rollout.protect false: the listener at port 443 goes with it, and is protected. Then: pulumi config rm --path service.certificateArn && pulumi up. Mend it: pulumi config set --path service.certificateArn <ARN> && pulumi config set --path rollout.protect false && pulumi up";
  expect(problemsOf(secure, noUsers).map(showProblem)).toEqual([said]);
  expect(problemsOf(secure, { ...noUsers, ...free }).map(showProblem)).toEqual([said]);
  const unprotected = { ...secure, ...free };
  expect(problemsOf(secure, unprotected)).toEqual([]);
  for (const then of [noUsers, { ...noUsers, ...free }]) expect(problemsOf(unprotected, then)).toEqual([]);
});

it("a stack of which no address is remembered is not compared", () => {
  const { scheme: _, entrance: __, ...older } = previousOf(configOf(both));
  expect(updateProblems(older, { ok: true, config: configOf(https()) })).toEqual([]);
});
