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
      `service.certificateArn is ${certificate("one")}; allowed: nothing as deployed while the stack has users, unless service.allowInPlace is true: requests by http fail from then on. Mend it: pulumi config rm --path service.certificateArn`,
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

it("a person may take the gap, and a stack without users has none", () => {
  expect(problemsOf(both, https("one", { allowInPlace: true }))).toEqual([]);
  const first = { blue, release: firstRelease };
  expect(problemsOf(first, { ...first, service: { certificateArn: certificate("one") } })).toEqual([]);
});

it("a stack of which no address is remembered is not compared", () => {
  const { scheme: _, ...older } = previousOf(configOf(both));
  expect(updateProblems(older, { ok: true, config: configOf(https()) })).toEqual([]);
});
