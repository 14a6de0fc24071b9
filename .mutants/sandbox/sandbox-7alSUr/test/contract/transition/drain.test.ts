import { describeRefusals } from "../support/refusals.ts";
import { blue, both } from "../support/steps.ts";

const cut = "requests in flight are cut when their task leaves";

describeRefusals("requests would be cut when a task leaves", [
  {
    title: "a long time-out without any drain",
    before: undefined,
    after: { service: { requestTimeoutSeconds: 900, drainSeconds: 0 } },
    says: [
      `service.drainSeconds is 0; allowed: at least service.requestTimeoutSeconds, 900: ${cut}. Fix it: pulumi config set --path service.drainSeconds 900`,
    ],
  },
  {
    title: "a time-out above the drain that was set",
    before: undefined,
    after: { ...both, service: { requestTimeoutSeconds: 300, drainSeconds: 60 } },
    says: [
      `service.drainSeconds is 60; allowed: at least service.requestTimeoutSeconds, 300: ${cut}. Fix it: pulumi config set --path service.drainSeconds 300`,
    ],
  },
  {
    title: "a time-out above the longest drain of ELB",
    before: undefined,
    after: { service: { requestTimeoutSeconds: 4000 } },
    says: [
      "service.requestTimeoutSeconds is 4000; allowed: at most 3600: longer requests in flight are cut when their task leaves. Fix it: pulumi config set --path service.requestTimeoutSeconds 3600",
    ],
  },
  {
    title: "a slot of which that is true by its own copy, as long as it is",
    before: { blue: { ...blue, service: { requestTimeoutSeconds: 300, drainSeconds: 60 } } },
    after: { blue: { ...blue, service: { requestTimeoutSeconds: 300, drainSeconds: 60 } } },
    says: [
      `blue.service.drainSeconds is 60; allowed: at least blue.service.requestTimeoutSeconds, 300: ${cut}. Fix it: pulumi config set --path blue.service.drainSeconds 300`,
    ],
  },
]);
