import { describeRefusals, type Refusal } from "../support/refusals.ts";
import { blue, both, green, IMAGE_C } from "../support/steps.ts";

const FREEZE =
  "It is for the next model once blue has a copy of its own. Fix it: npx bluegreen freeze && pulumi up";

const BY_VERB: readonly Refusal[] = [
  {
    title: "another image on the active slot by a write that raises the generation",
    before: { ...both, generation: 1 },
    after: { blue: { ...blue, image: IMAGE_C, modelVersion: "3" }, green, generation: 2 },
    says: [
      `blue.image is ${IMAGE_C}; allowed: ${blue.image} as deployed while blue has users, unless service.allowInPlace is true. Fix it: npx bluegreen sync && npx bluegreen deploy ${IMAGE_C} --model-version 3`,
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
      `service.architecture is ARM64; allowed: X86_64 as deployed while blue has users, unless service.allowInPlace is true. ${FREEZE}`,
    ],
  },
];

describeRefusals("a write of the tools replaces tasks under their users", BY_VERB);
