import { copyOf } from "../../../contract/config/model-service.ts";
import { describeRefusals, type Refusal } from "../support/refusals.ts";
import {
  blue,
  both,
  configOf,
  firstRelease,
  green,
  IMAGE_A,
  IMAGE_B,
  IMAGE_C,
  shifted,
  onGreen,
  size,
} from "../support/steps.ts";

const FREEZE =
  "It is for the next model once blue has a copy of its own. Fix it: npx bluegreen freeze && pulumi up";
const POLICY = "arn:aws:iam::aws:policy/P";
/** A slot with a whole copy of the defaults. */
const copied = (slot: object) => ({ ...slot, service: copyOf(configOf({}).service) });

const onInstances = (capacityProvider: string, allowInPlace = false) => ({
  service: { capacity: "ec2", capacityProvider, allowInPlace },
  network: {
    vpcId: "vpc-1",
    publicSubnetIds: ["subnet-1", "subnet-2"],
    taskSubnetIds: ["subnet-3", "subnet-4"],
  },
});

const IN_PLACE: readonly Refusal[] = [
  {
    title: "another image on the active slot",
    before: both,
    after: { blue: { ...blue, image: IMAGE_C, modelVersion: "3" }, green },
    says: [
      `blue.image is ${IMAGE_C}; allowed: ${blue.image} as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another image on the slot that has a share",
    before: shifted(10),
    after: { ...shifted(10), green: { ...green, image: IMAGE_C, modelVersion: "3" } },
    says: [
      `green.image is ${IMAGE_C}; allowed: ${IMAGE_B} as deployed while green has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another image on a slot in the update that takes its users away",
    before: shifted(10),
    after: { ...both, green: { image: IMAGE_C } },
    says: [
      `green.image is ${IMAGE_C}; allowed: ${IMAGE_B} as deployed while green has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version <version>`,
    ],
  },
  {
    title: "another image on the former slot in the update that switches",
    before: both,
    after: { ...onGreen, blue: { ...blue, image: IMAGE_C, modelVersion: "3" } },
    says: [
      `blue.image is ${IMAGE_C}; allowed: ${blue.image} as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another version of a model that is told its version",
    before: { ...both, blue: { ...blue, release: "v1-g1" } },
    after: { ...both, blue: { ...blue, release: "v1-g1", modelVersion: "1.1" } },
    says: [
      `blue.modelVersion is 1.1; allowed: 1 as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_A} --model-version 1.1`,
    ],
  },
  {
    title: "a release on a slot that had none, so that its model would be told what it was not",
    before: both,
    after: { ...both, blue: { ...blue, release: "v1-g1" } },
    says: [
      `blue.release is v1-g1; allowed: nothing as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_A} --model-version 1`,
      `blue.modelVersion is 1; allowed: nothing as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_A} --model-version 1`,
    ],
  },
  {
    title: "another size of all tasks, while only one slot has users",
    before: { ...both, ...size(512, 1024) },
    after: { ...both, ...size(1024, 2048) },
    says: [
      `service.cpu is 1024; allowed: 512 as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
      `service.memory is 2048; allowed: 1024 as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "more memory while both slots have users: one problem, not two",
    before: { ...shifted(50), ...size(512, 1024) },
    after: { ...shifted(50), ...size(512, 2048) },
    says: [
      `service.memory is 2048; allowed: 1024 as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "more memory of a standby, under whose users everything is copied",
    before: { blue: copied(blue), green },
    after: { blue: copied(blue), green, ...size(512, 2048) },
    says: [
      `service.memory is 2048; allowed: 1024 as deployed while green stands by, unless service.allowInPlace is true. ${FREEZE.replace("blue", "green")}`,
    ],
  },
  {
    title: "more memory of both slots at once, where one at a time is allowed",
    before: { ...both, service: { allowInPlace: true } },
    after: { ...both, service: { allowInPlace: true, memory: 2048 } },
    says: [
      `service.memory is 2048; allowed: 1024 as deployed while blue has users (service.allowInPlace: one slot at a time). ${FREEZE}`,
    ],
  },
  {
    title: "more memory of the only slot, with nowhere to go, although it is allowed",
    before: { blue, service: { allowInPlace: true } },
    after: { blue, service: { allowInPlace: true, memory: 2048 } },
    says: [
      `service.memory is 2048; allowed: 1024 as deployed while blue has users (service.allowInPlace: only while green could take everyone, and it is empty). ${FREEZE}`,
    ],
  },
  {
    title: "a lower limit for scaling",
    before: both,
    after: { blue: { ...blue, maxTasks: 3 }, green },
    says: [
      "blue.maxTasks is 3; allowed: 4 or more while blue has users, unless service.allowInPlace is true. Fix it: pulumi config set --path blue.maxTasks 4",
    ],
  },
  {
    title: "another health path, which the tasks that run do not have",
    before: both,
    after: { ...both, service: { healthPath: "/v2/health/ready" } },
    says: [
      `service.healthPath is /v2/health/ready; allowed: /health as deployed while blue has users. ${FREEZE}`,
    ],
  },
  {
    title: "another health path of one slot, even where an update in place is allowed",
    before: { blue: copied(blue), green: copied(green), service: { allowInPlace: true } },
    after: {
      blue: { ...blue, service: { ...copied(blue).service, healthPath: "/ready" } },
      green: copied(green),
      service: { allowInPlace: true },
    },
    says: [
      `blue.service.healthPath is /ready; allowed: /health as deployed while blue has users. Fix it: npx bluegreen sync && npx bluegreen deploy ${blue.image} --model-version 1 --health-path /ready`,
    ],
  },
  {
    title: "another port, even where an update in place is allowed",
    before: { blue, green: copied(green), service: { allowInPlace: true } },
    after: { blue, green: copied(green), service: { allowInPlace: true, port: 9000 } },
    says: [`service.port is 9000; allowed: 8080 as deployed while blue has users. ${FREEZE}`],
  },
  {
    title: "a stricter health check, even where an update in place is allowed",
    before: { blue, green: copied(green), service: { allowInPlace: true } },
    after: {
      blue,
      green: copied(green),
      service: {
        allowInPlace: true,
        healthIntervalSeconds: 8,
        healthTimeoutSeconds: 3,
        unhealthyThreshold: 2,
      },
    },
    says: [
      `service.healthIntervalSeconds is 8; allowed: 10 as deployed while blue has users. ${FREEZE}`,
      `service.healthTimeoutSeconds is 3; allowed: 5 as deployed while blue has users. ${FREEZE}`,
      `service.unhealthyThreshold is 2; allowed: 3 as deployed while blue has users. ${FREEZE}`,
    ],
  },
  {
    title: "another way to spread requests",
    before: both,
    after: { ...both, service: { algorithm: "least_outstanding_requests" } },
    says: [
      `service.algorithm is least_outstanding_requests; allowed: round_robin as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "a shorter drain, another threshold, scaling target and policy",
    before: { ...both, service: { drainSeconds: 90 } },
    after: {
      ...both,
      service: { drainSeconds: 60, unhealthyThreshold: 2, cpuTarget: 40, taskPolicyArns: [POLICY] },
    },
    says: [
      `service.unhealthyThreshold is 2; allowed: 3 as deployed while blue has users. ${FREEZE}`,
      `service.taskPolicyArns is ["${POLICY}"]; allowed: [] as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
      `service.drainSeconds is 60; allowed: 90 as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
      `service.cpuTarget is 40; allowed: 60 as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "another size of the active slot alone",
    before: both,
    after: { blue: { ...blue, overrides: { cpu: 512, memory: 3072 } }, green },
    says: [
      `blue.overrides.memory is 3072; allowed: 1024 as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${blue.image} --model-version 1 --memory 3072`,
    ],
  },
  {
    title: "another capacity, which is another service, even where an update in place is allowed",
    before: { ...both, service: { allowInPlace: true } },
    after: { ...both, service: { allowInPlace: true, capacity: "fargateSpot" } },
    says: [`service.capacity is fargateSpot; allowed: fargate as deployed while blue has users. ${FREEZE}`],
  },
  {
    title:
      "another capacity provider, which is another service as well, even where an update in place is allowed",
    before: { ...both, ...onInstances("gpu-a", true) },
    after: { ...both, ...onInstances("gpu-b", true) },
    says: [`service.capacityProvider is gpu-b; allowed: gpu-a as deployed while blue has users. ${FREEZE}`],
  },
  {
    title: "another environment, without repeating what may be a secret",
    before: { ...both, service: { environment: { THREADS: "2" } } },
    after: { ...both, service: { environment: { THREADS: "4" } } },
    says: [
      `service.environment.THREADS is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "another value of one variable, while the others stay, by the key that says it",
    before: {
      blue: { ...blue, overrides: { environment: { API_KEY: "one", LEVEL: "info" } } },
      green,
      service: { environment: { LEVEL: "debug", API_KEY: "of the template" } },
    },
    after: {
      blue: { ...blue, overrides: { environment: { API_KEY: "two", LEVEL: "info" } } },
      green,
      service: { environment: { LEVEL: "debug", API_KEY: "of the template" } },
    },
    says: [
      `blue.overrides.environment.API_KEY is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${blue.image} --model-version 1 --env NAME=value`,
    ],
  },
  {
    title: "a variable that was there, by the key that said it",
    before: { ...both, service: { environment: { LEVEL: "debug" } } },
    after: both,
    says: [
      `service.environment.LEVEL is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "another secret",
    before: both,
    after: {
      ...both,
      service: { secrets: { KEY: "arn:aws:ssm:us-east-1:123456789012:parameter/key" } },
    },
    says: [
      `service.secrets.KEY is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "another processor",
    before: both,
    after: { ...both, service: { architecture: "ARM64" } },
    says: [
      `service.architecture is ARM64; allowed: X86_64 as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
  {
    title: "another port, which the tasks learn from their environment, too",
    before: both,
    after: { ...both, service: { port: 9000 } },
    says: [`service.port is 9000; allowed: 8080 as deployed while blue has users. ${FREEZE}`],
  },
  {
    title: "a greater share and another image at once, for the image alone",
    before: shifted(10),
    after: { ...shifted(25), green: { ...green, image: IMAGE_C, modelVersion: "3" } },
    says: [
      `green.image is ${IMAGE_C}; allowed: ${IMAGE_B} as deployed while green has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another image in place of a first model that was promoted",
    before: { blue, release: { ...firstRelease, state: "promoted" } },
    after: { blue: { ...blue, image: IMAGE_C }, release: { ...firstRelease, state: "promoted" } },
    says: [
      `blue.image is ${IMAGE_C}; allowed: ${IMAGE_A} as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 1`,
    ],
  },
];

describeRefusals("tasks are replaced under their users", IN_PLACE);
