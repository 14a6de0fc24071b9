import { describeRefusals, type Refusal } from "../support/refusals.ts";
import { blue, both, green, shifted, onGreen } from "../support/steps.ts";

const EMPTIED: readonly Refusal[] = [
  {
    title: "the only model of a stack is taken away",
    before: { blue },
    after: {},
    says: [
      "blue.image is nothing; allowed: an image while blue has users (100 %): they go first, in an update of their own. Fix it: npx bluegreen sync",
    ],
  },
  {
    title: "a slot is emptied while it keeps its share",
    before: shifted(10),
    after: { blue, greenWeight: 10 },
    says: [
      "greenWeight is 10; allowed: 0, because green is empty. Fix it: pulumi config set greenWeight 0",
      "green.image is nothing; allowed: an image while green has users (10 %): they go first, in an update of their own. Fix it: npx bluegreen sync && pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a slot is emptied in the update that takes its users away",
    before: shifted(10),
    after: { blue },
    says: [
      "green.image is nothing; allowed: an image while green has users (10 %): they go first, in an update of their own. Fix it: npx bluegreen sync && pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "the former slot is emptied in the update that switches",
    before: shifted(50),
    after: { green, activeSlot: "green" },
    says: [
      "blue.image is nothing; allowed: an image while blue has users (50 %): they go first, in an update of their own. Fix it: npx bluegreen sync && pulumi config set-all --plaintext activeSlot=green --plaintext greenWeight=0 && pulumi up",
    ],
  },
  {
    title: "a slot is scaled to zero while it keeps its share",
    before: shifted(10),
    after: { ...shifted(10), green: { ...green, minTasks: 0 } },
    says: [
      "greenWeight is 10; allowed: 0, because green is scaled to zero. Fix it: pulumi config set greenWeight 0",
      "green.minTasks is 0; allowed: 1 or more while green has users (10 %): they go first, in an update of their own. Fix it: pulumi config set --path green.minTasks 2 && pulumi up",
    ],
  },
  {
    title: "a slot is scaled to zero in the update that takes its users away",
    before: shifted(10),
    after: { blue, green: { ...green, minTasks: 0 } },
    says: [
      "green.minTasks is 0; allowed: 1 or more while green has users (10 %): they go first, in an update of their own. Fix it: pulumi config set --path green.minTasks 2 && pulumi up",
    ],
  },
  {
    title: "the former slot is scaled to zero in the update that switches",
    before: both,
    after: { ...onGreen, blue: { ...blue, minTasks: 0 } },
    says: [
      "blue.minTasks is 0; allowed: 1 or more while blue has users (100 %): they go first, in an update of their own. Fix it: pulumi config set --path blue.minTasks 2 && pulumi up",
    ],
  },
  {
    title: "the active slot is scaled to zero",
    before: both,
    after: { blue: { ...blue, minTasks: 0 }, green },
    says: [
      "blue.minTasks is 0; allowed: 1 or more on the active slot. Fix it: pulumi config set --path blue.minTasks 1",
    ],
  },
  ...[{ blue: { ...blue, minTasks: 0 } }, { blue: {} }].map((emptied): Refusal => {
    const release = { id: "r-2", slot: "green", state: "promoted" };
    const [key, got, allowed] =
      "image" in emptied.blue ? ["minTasks", "0", "1 or more"] : ["image", "nothing", "an image"];
    return {
      title: `the standby loses its ${key} manually`,
      before: { ...onGreen, release },
      after: { ...onGreen, ...emptied, release },
      says: [
        `blue.${key} is ${got}; allowed: ${allowed} while blue stands by (to give it up: npx bluegreen retire --give-up-standby), unless service.allowInPlace is true. Fix it: npx bluegreen sync`,
      ],
    };
  }),
];

describeRefusals("a slot loses its tasks with its users", EMPTIED);
