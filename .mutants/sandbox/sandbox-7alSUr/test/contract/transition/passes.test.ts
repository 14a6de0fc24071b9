import { describe, expect, it } from "vitest";
import { copyOf } from "../../../contract/config/model-service.ts";
import { showProblem } from "../../../contract/checks/problem.ts";
import type { WrittenConfig } from "../../support/written-config.ts";
import {
  blue,
  both,
  configOf,
  firstRelease,
  green,
  IMAGE_C,
  shifted,
  onGreen,
  problemsOf,
  release,
  size,
} from "../support/steps.ts";

/** A slot with a whole copy of this template. */
const copied = (slot: object, service: object = {}) => ({
  ...slot,
  service: copyOf(configOf({ service }).service),
});
const frozenBoth = { blue: copied(blue), green: copied(green) };
const EDITED = {
  port: 9000,
  healthPath: "/v2/health/ready",
  healthTimeoutSeconds: 9,
  command: ["serve"],
  cpu: 1024,
  memory: 4096,
  environment: { A: "1" },
  startupSeconds: 300,
  requestTimeoutSeconds: 300,
  cpuTarget: 30,
};

interface Passes {
  readonly title: string;
  readonly before: WrittenConfig | undefined;
  readonly after: WrittenConfig;
}

/** Green on instances of this provider, blue on Fargate. */
const providers = (capacityProvider: string, capacity: string) => ({
  green: { ...green, overrides: { capacity } },
  service: { capacityProvider },
  network: {
    vpcId: "vpc-1",
    publicSubnetIds: ["subnet-1", "subnet-2"],
    taskSubnetIds: ["subnet-3", "subnet-4"],
  },
});

const PASSING: readonly Passes[] = [
  { title: "the first update of an empty stack", before: undefined, after: {} },
  { title: "the first update with a model on each slot", before: undefined, after: both },
  { title: "the first update with green active", before: undefined, after: onGreen },
  {
    title: "the first update from a stack file that another stack had",
    before: undefined,
    after: { ...both, generation: 12, release: { ...release, state: "promoted" } },
  },
  { title: "the first model onto the empty active slot", before: {}, after: { blue, generation: 1 } },
  {
    title: "the first model onto the other slot, with the switch",
    before: {},
    after: { green, activeSlot: "green" },
  },
  {
    title: "another model in place of a first one that never became healthy",
    before: { blue, generation: 1, release: firstRelease },
    after: {
      blue: { ...blue, image: IMAGE_C },
      generation: 2,
      release: { ...firstRelease, digest: IMAGE_C },
    },
  },
  {
    title: "another image manually in place of a first one that never became healthy",
    before: { blue, generation: 1, release: firstRelease },
    after: { blue: { ...blue, image: IMAGE_C }, generation: 1, release: firstRelease },
  },
  { title: "a model onto the idle slot", before: { blue }, after: both },
  { title: "another model onto the idle slot", before: both, after: { blue, green: { image: IMAGE_C } } },
  { title: "the idle slot emptied", before: both, after: { blue } },
  { title: "the idle slot scaled to zero", before: both, after: { blue, green: { ...green, minTasks: 0 } } },
  { title: "the idle slot woken", before: { blue, green: { ...green, minTasks: 0 } }, after: both },
  { title: "greenWeight alone, up", before: shifted(10), after: shifted(25) },
  { title: "greenWeight alone, down", before: shifted(25), after: shifted(10) },
  { title: "greenWeight alone to 0", before: shifted(100), after: both },
  { title: "blueWeight alone", before: onGreen, after: { ...onGreen, blueWeight: 40 } },
  { title: "activeSlot alone", before: both, after: onGreen },
  { title: "activeSlot alone, back", before: onGreen, after: both },
  {
    title: "the switch that takes the weight away",
    before: shifted(50),
    after: { ...onGreen, greenWeight: 0 },
  },
  { title: "the switch that shifts to the former slot", before: both, after: { ...onGreen, blueWeight: 90 } },
  {
    title: "a higher greatest number of tasks on slots with users",
    before: shifted(10),
    after: { ...shifted(10), green: { ...green, maxTasks: 9 } },
  },
  {
    title: "more tasks on slots with users",
    before: shifted(10),
    after: { ...shifted(10), green: { ...green, minTasks: 3 } },
  },
  {
    title: "fewer tasks with a greater share",
    before: shifted(10),
    after: { ...shifted(25), green: { ...green, minTasks: 1 } },
  },
  {
    title: "all traffic back to the active slot together with more tasks on it",
    before: shifted(10),
    after: { ...both, blue: { ...blue, minTasks: 4 } },
  },
  {
    title: "another image on the active slot where that is allowed",
    before: both,
    after: { ...both, blue: { ...blue, image: IMAGE_C }, service: { allowInPlace: true } },
  },
  {
    title: "a share back in the update that replaces tasks where that is allowed",
    before: shifted(10),
    after: { ...both, blue: { ...blue, image: IMAGE_C }, service: { allowInPlace: true } },
  },
  {
    title: "the size that a promoted release brought along, now for all",
    before: { blue: { ...blue, overrides: { cpu: 1024, memory: 2048 } } },
    after: { blue: { ...blue, overrides: { cpu: 1024, memory: 2048 } }, ...size(1024, 2048) },
  },
  {
    title: "a size taken from a slot of its own to all, the same for its tasks",
    before: { blue: { ...blue, overrides: { cpu: 1024, memory: 2048 } } },
    after: { blue, ...size(1024, 2048) },
  },
  {
    title: "another capacity provider for a candidate without users, and one that no task runs on",
    before: { ...both, ...providers("gpu-a", "ec2"), release: { ...release, state: "deployed" } },
    after: { ...both, ...providers("gpu-b", "ec2"), release: { ...release, state: "deployed" } },
  },
  {
    title: "any edit of the template while both slots have copies",
    before: { ...frozenBoth, greenWeight: 50 },
    after: { ...frozenBoth, greenWeight: 50, service: EDITED },
  },
  {
    title: "any edit of the template for a candidate without a copy",
    before: { blue: copied(blue), green, release: { ...release, state: "deployed" } },
    after: { blue: copied(blue), green, release: { ...release, state: "deployed" }, service: EDITED },
  },
  {
    title: "any edit of the template for a model that users were rolled back from",
    before: { blue: copied(blue), green, release: { ...release, state: "rolledBack" } },
    after: { blue: copied(blue), green, release: { ...release, state: "rolledBack" }, service: EDITED },
  },
  {
    title: "more time for requests in flight",
    before: { ...shifted(10), service: { requestTimeoutSeconds: 60, drainSeconds: 60 } },
    after: { ...shifted(10), service: { requestTimeoutSeconds: 60, drainSeconds: 90 } },
  },
  {
    title: "users who are moved while the drain is too short",
    before: { ...shifted(10), service: { requestTimeoutSeconds: 900, drainSeconds: 0 } },
    after: { ...both, service: { requestTimeoutSeconds: 900, drainSeconds: 0 } },
  },
  {
    title: "the copy of what runs anyway",
    before: { ...shifted(10), service: EDITED },
    after: { blue: copied(blue, EDITED), green: copied(green, EDITED), greenWeight: 10 },
  },
  {
    title: "another model on the standby manually, with another service of its own",
    before: both,
    after: { blue, green: { ...green, image: IMAGE_C, service: { port: 9000, healthPath: "/ready" } } },
  },
  {
    title: "more memory of one slot in place, while the other runs",
    before: { ...frozenBoth, service: { allowInPlace: true } },
    after: {
      blue: { ...blue, service: { ...copied(blue).service, memory: 2048 } },
      green: copied(green),
      service: { allowInPlace: true },
    },
  },
  {
    title: "another model version for the same image",
    before: both,
    after: { ...both, blue: { ...blue, modelVersion: "1.0.1" } },
  },
  {
    title: "environment lines in another order",
    before: { ...both, service: { environment: { A: "1", B: "2" } } },
    after: { ...both, service: { environment: { B: "2", A: "1" } } },
  },
  {
    title: "what belongs to no model",
    before: shifted(10),
    after: {
      ...shifted(10),
      service: { stickinessSeconds: 60, logDays: 7, allowedCidrs: ["10.0.0.0/8"] },
      thresholds: { maxErrorRate: 0.5 },
      rollout: { steps: [100] },
    },
  },
  {
    title: "a change manually at the generation that is deployed, while a release runs",
    before: { ...shifted(10), generation: 5, release },
    after: { ...shifted(25), generation: 5, release },
  },
  {
    title: "a release that was edited manually at the same generation",
    before: { ...shifted(10), generation: 5, release },
    after: { ...shifted(10), generation: 5, release: { ...release, state: "paused" } },
  },
];

describe("an update passes:", () => {
  it.each(PASSING)("$title", ({ before, after }) => {
    expect(problemsOf(before, after).map(showProblem)).toEqual([]);
  });
});
