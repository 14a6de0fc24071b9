import { describeRefusals, type Refusal } from "./support/refusals.ts";
import {
  blue,
  both,
  firstRelease,
  green,
  IMAGE_A,
  IMAGE_B,
  IMAGE_C,
  lent,
  onGreen,
  size,
} from "./support/steps.ts";

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
      `blue.image is ${IMAGE_C}; allowed: ${blue.image} as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another image on the slot that has a share",
    before: lent(10),
    after: { ...lent(10), green: { ...green, image: IMAGE_C, modelVersion: "3" } },
    says: [
      `green.image is ${IMAGE_C}; allowed: ${IMAGE_B} as deployed while green has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another image on a slot in the update that takes its users away",
    before: lent(10),
    after: { ...both, green: { image: IMAGE_C } },
    says: [
      `green.image is ${IMAGE_C}; allowed: ${IMAGE_B} as deployed while green has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version <version>`,
    ],
  },
  {
    title: "another image on the former slot in the update that switches",
    before: both,
    after: { ...onGreen, blue: { ...blue, image: IMAGE_C, modelVersion: "3" } },
    says: [
      `blue.image is ${IMAGE_C}; allowed: ${blue.image} as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another version of a model that is told its version",
    before: { ...both, blue: { ...blue, release: "v1-g1" } },
    after: { ...both, blue: { ...blue, release: "v1-g1", modelVersion: "1.1" } },
    says: [
      `blue.modelVersion is 1.1; allowed: 1 as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_A} --model-version 1.1`,
    ],
  },
  {
    title: "a release on a slot that had none, so that its model would be told what it was not",
    before: both,
    after: { ...both, blue: { ...blue, release: "v1-g1" } },
    says: [
      `blue.release is v1-g1; allowed: nothing as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_A} --model-version 1`,
      `blue.modelVersion is 1; allowed: nothing as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_A} --model-version 1`,
    ],
  },
  {
    title: "another size of all tasks, while only one slot has users",
    before: { ...both, ...size(512, 1024) },
    after: { ...both, ...size(1024, 2048) },
    says: [
      `service.cpu is 1024; allowed: 512 as deployed while blue has users, unless service.allowInPlace is true; or for a new release alone: npx bluegreen deploy ${blue.image} --model-version 1 --cpu 1024 --memory 2048. Mend it: pulumi config set --path service.allowInPlace true`,
      `service.memory is 2048; allowed: 1024 as deployed while blue has users, unless service.allowInPlace is true; or for a new release alone: npx bluegreen deploy ${blue.image} --model-version 1 --cpu 1024 --memory 2048. Mend it: pulumi config set --path service.allowInPlace true`,
    ],
  },
  {
    title: "more memory while both slots have users: one problem, not two",
    before: { ...lent(50), ...size(512, 1024) },
    after: { ...lent(50), ...size(512, 2048) },
    says: [
      `service.memory is 2048; allowed: 1024 as deployed while blue has users, unless service.allowInPlace is true; or for a new release alone: npx bluegreen deploy ${blue.image} --model-version 1 --memory 2048. Mend it: pulumi config set --path service.allowInPlace true`,
    ],
  },
  {
    title: "another size of the active slot alone",
    before: both,
    after: { blue: { ...blue, overrides: { cpu: 512, memory: 3072 } }, green },
    says: [
      `blue.overrides.memory is 3072; allowed: 1024 as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${blue.image} --model-version 1 --memory 3072`,
    ],
  },
  {
    title: "another capacity, which is another service, even where an update in place is allowed",
    before: { ...both, service: { allowInPlace: true } },
    after: { ...both, service: { allowInPlace: true, capacity: "fargateSpot" } },
    says: [
      `service.capacity is fargateSpot; allowed: fargate as deployed while blue has users; for a new release alone: npx bluegreen deploy ${blue.image} --model-version 1 --capacity fargateSpot. Mend it: pulumi config set --path service.capacity fargate`,
    ],
  },
  {
    title:
      "another capacity provider, which is another service as well, even where an update in place is allowed",
    before: { ...both, ...onInstances("gpu-a", true) },
    after: { ...both, ...onInstances("gpu-b", true) },
    says: [
      "service.capacityProvider is gpu-b; allowed: gpu-a as deployed while blue has users. Mend it: pulumi config set --path service.capacityProvider gpu-a",
    ],
  },
  {
    title: "another environment, without repeating what may be a secret",
    before: { ...both, service: { environment: { THREADS: "2" } } },
    after: { ...both, service: { environment: { THREADS: "4" } } },
    says: [
      `service.environment.THREADS is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true; or for a new release alone: npx bluegreen deploy ${blue.image} --model-version 1 --env NAME=value. Mend it: pulumi config set --path service.allowInPlace true`,
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
      `blue.overrides.environment.API_KEY is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${blue.image} --model-version 1 --env NAME=value`,
    ],
  },
  {
    title: "a variable that was there, by the key that said it",
    before: { ...both, service: { environment: { LEVEL: "debug" } } },
    after: both,
    says: [
      `service.environment.LEVEL is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true; or for a new release alone: npx bluegreen deploy ${blue.image} --model-version 1 --env NAME=value. Mend it: pulumi config set --path service.allowInPlace true`,
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
      "service.secrets.KEY is changed; allowed: its value as deployed while blue has users, unless service.allowInPlace is true. Mend it: pulumi config set --path service.allowInPlace true",
    ],
  },
  {
    title: "another processor",
    before: both,
    after: { ...both, service: { architecture: "ARM64" } },
    says: [
      "service.architecture is ARM64; allowed: X86_64 as deployed while blue has users, unless service.allowInPlace is true. Mend it: pulumi config set --path service.allowInPlace true",
    ],
  },
  {
    title: "another port, which the tasks learn from their environment, too",
    before: both,
    after: { ...both, service: { port: 9000 } },
    says: [
      "service.port is 9000; allowed: 8080 as deployed while blue has users, unless service.allowInPlace is true. Mend it: pulumi config set --path service.allowInPlace true",
    ],
  },
  {
    title: "a greater share and another image at once, for the image alone",
    before: lent(10),
    after: { ...lent(25), green: { ...green, image: IMAGE_C, modelVersion: "3" } },
    says: [
      `green.image is ${IMAGE_C}; allowed: ${IMAGE_B} as deployed while green has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another image in place of a first model that was promoted",
    before: { blue, release: { ...firstRelease, state: "promoted" } },
    after: { blue: { ...blue, image: IMAGE_C }, release: { ...firstRelease, state: "promoted" } },
    says: [
      `blue.image is ${IMAGE_C}; allowed: ${IMAGE_A} as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 1`,
    ],
  },
  {
    title: "another image on the active slot by a write that raises the generation",
    before: { ...both, generation: 1 },
    after: { blue: { ...blue, image: IMAGE_C, modelVersion: "3" }, green, generation: 2 },
    says: [
      `blue.image is ${IMAGE_C}; allowed: ${blue.image} as deployed while blue has users, unless service.allowInPlace is true. Mend it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
    ],
  },
  {
    title: "another processor by a write that raises the generation and changes the tasks of a slot",
    before: { ...both, generation: 1 },
    after: {
      blue,
      green: { ...green, minTasks: 1 },
      service: { architecture: "ARM64" },
      generation: 2,
    },
    says: [
      "service.architecture is ARM64; allowed: X86_64 as deployed while blue has users, unless service.allowInPlace is true. Mend it: pulumi config set --path service.allowInPlace true",
    ],
  },
];

const EMPTIED: readonly Refusal[] = [
  {
    title: "the only model of a stack is taken away",
    before: { blue },
    after: {},
    says: [
      "blue.image is nothing; allowed: an image while blue has users (100 %): they go first, in an update of their own. Mend it: npx bluegreen sync",
    ],
  },
  {
    title: "a slot is emptied while it keeps its share",
    before: lent(10),
    after: { blue, greenWeight: 10 },
    says: [
      "greenWeight is 10; allowed: 0, because green is empty. Mend it: pulumi config set greenWeight 0",
      "green.image is nothing; allowed: an image while green has users (10 %): they go first, in an update of their own. Mend it: npx bluegreen sync && pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a slot is emptied in the update that takes its users away",
    before: lent(10),
    after: { blue },
    says: [
      "green.image is nothing; allowed: an image while green has users (10 %): they go first, in an update of their own. Mend it: npx bluegreen sync && pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "the former slot is emptied in the update that switches",
    before: lent(50),
    after: { green, activeSlot: "green" },
    says: [
      "blue.image is nothing; allowed: an image while blue has users (50 %): they go first, in an update of their own. Mend it: npx bluegreen sync && pulumi config set-all --plaintext activeSlot=green --plaintext greenWeight=0 && pulumi up",
    ],
  },
  {
    title: "a slot is scaled to zero while it keeps its share",
    before: lent(10),
    after: { ...lent(10), green: { ...green, minTasks: 0 } },
    says: [
      "greenWeight is 10; allowed: 0, because green is scaled to zero. Mend it: pulumi config set greenWeight 0",
      "green.minTasks is 0; allowed: 1 or more while green has users (10 %): they go first, in an update of their own. Mend it: pulumi config set --path green.minTasks 2 && pulumi up",
    ],
  },
  {
    title: "a slot is scaled to zero in the update that takes its users away",
    before: lent(10),
    after: { blue, green: { ...green, minTasks: 0 } },
    says: [
      "green.minTasks is 0; allowed: 1 or more while green has users (10 %): they go first, in an update of their own. Mend it: pulumi config set --path green.minTasks 2 && pulumi up",
    ],
  },
  {
    title: "the former slot is scaled to zero in the update that switches",
    before: both,
    after: { ...onGreen, blue: { ...blue, minTasks: 0 } },
    says: [
      "blue.minTasks is 0; allowed: 1 or more while blue has users (100 %): they go first, in an update of their own. Mend it: pulumi config set --path blue.minTasks 2 && pulumi up",
    ],
  },
  {
    title: "the active slot is scaled to zero",
    before: both,
    after: { blue: { ...blue, minTasks: 0 }, green },
    says: [
      "blue.minTasks is 0; allowed: 1 or more on the active slot. Mend it: pulumi config set --path blue.minTasks 1",
    ],
  },
];

describeRefusals("tasks are replaced under their users", IN_PLACE);
describeRefusals("a slot loses its tasks with its users", EMPTIED);
