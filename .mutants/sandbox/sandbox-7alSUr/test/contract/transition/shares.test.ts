import { describeRefusals, type Refusal } from "../support/refusals.ts";
import { blue, both, green, IMAGE_C, shifted, onGreen, release } from "../support/steps.ts";

const SHARES: readonly Refusal[] = [
  {
    title: "a share for an empty slot that gets its model in the same update",
    before: { blue },
    after: shifted(10),
    says: [
      "greenWeight is 10; allowed: 0 until an update has started green: so far it is empty. Fix it: pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a share of everything for such a slot",
    before: { blue },
    after: shifted(100),
    says: [
      "greenWeight is 100; allowed: 0 until an update has started green: so far it is empty. Fix it: pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a share in the very first update of a stack",
    before: undefined,
    after: shifted(10),
    says: [
      "greenWeight is 10; allowed: 0 until an update has started green: so far it is empty. Fix it: pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a share for blue in the very first update, with green active",
    before: undefined,
    after: { ...onGreen, blueWeight: 5 },
    says: [
      "blueWeight is 5; allowed: 0 until an update has started blue: so far it is empty. Fix it: pulumi config set blueWeight 0 && pulumi up",
    ],
  },
  {
    title: "a share in the update that wakes a slot scaled to zero",
    before: { blue, green: { ...green, minTasks: 0 } },
    after: shifted(25),
    says: [
      "greenWeight is 25; allowed: 0 until an update has started green: so far it is scaled to zero. Fix it: pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a share for blue in the update that wakes it",
    before: { ...onGreen, blue: { ...blue, minTasks: 0 } },
    after: { ...onGreen, blueWeight: 25 },
    says: [
      "blueWeight is 25; allowed: 0 until an update has started blue: so far it is scaled to zero. Fix it: pulumi config set blueWeight 0 && pulumi up",
    ],
  },
  {
    title: "a first share in the update that brings another model onto the slot",
    before: both,
    after: { blue, green: { ...green, image: IMAGE_C, modelVersion: "3" }, greenWeight: 10 },
    says: [
      "greenWeight is 10; allowed: 0 in the update that changes green.image: first the tasks, then their users. Fix it: pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a first share in the update that gives the slot more tasks",
    before: both,
    after: { blue, green: { ...green, minTasks: 4 }, greenWeight: 10 },
    says: [
      "greenWeight is 10; allowed: 0 in the update that changes green.minTasks: first the tasks, then their users. Fix it: pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a greater share in the update that gives the slot more tasks",
    before: shifted(10),
    after: { ...shifted(50), green: { ...green, minTasks: 4 } },
    says: [
      "greenWeight is 50; allowed: at most 10 in the update that changes green.minTasks: first the tasks, then their users. Fix it: pulumi config set greenWeight 10 && pulumi up",
    ],
  },
  {
    title: "a share in the update that changes the slot's size and its environment",
    before: { ...both, release: { ...release, state: "deployed" } },
    after: {
      blue,
      green: { ...green, overrides: { cpu: 1024, memory: 2048, environment: { THREADS: "4" } } },
      greenWeight: 10,
      release: { ...release, state: "deployed" },
    },
    says: [
      "greenWeight is 10; allowed: 0 in the update that changes green.overrides.cpu, green.overrides.memory, green.overrides.environment.THREADS: first the tasks, then their users. Fix it: pulumi config set greenWeight 0 && pulumi up",
    ],
  },
  {
    title: "a greater share in the update that replaces the slot's tasks in place, although that is allowed",
    before: { ...shifted(10), service: { allowInPlace: true } },
    after: { ...shifted(25), green: { ...green, image: IMAGE_C }, service: { allowInPlace: true } },
    says: [
      "greenWeight is 25; allowed: at most 10 in the update that changes green.image: first the tasks, then their users. Fix it: pulumi config set greenWeight 10 && pulumi up",
    ],
  },
  {
    title: "everything back to an active slot without users in the update that changes its model",
    before: shifted(100),
    after: { blue: { ...blue, image: IMAGE_C }, green, greenWeight: 0 },
    says: [
      "greenWeight is 0; allowed: 100 in the update that changes blue.image: first the tasks, then their users. Fix it: pulumi config set greenWeight 100 && pulumi up",
    ],
  },
];

const SWITCHES: readonly Refusal[] = [
  {
    title: "the switch to a slot that gets its first model in the same update",
    before: { blue },
    after: onGreen,
    says: [
      "activeSlot is green; allowed: blue until an update has started green: so far it is empty. Fix it: pulumi config set activeSlot blue && pulumi up",
    ],
  },
  {
    title: "the switch to a slot that is woken in the same update",
    before: { blue, green: { ...green, minTasks: 0 } },
    after: onGreen,
    says: [
      "activeSlot is green; allowed: blue until an update has started green: so far it is scaled to zero. Fix it: pulumi config set activeSlot blue && pulumi up",
    ],
  },
  {
    title: "the switch back to blue in the update that wakes it",
    before: { ...onGreen, blue: { ...blue, minTasks: 0 } },
    after: both,
    says: [
      "activeSlot is blue; allowed: green until an update has started blue: so far it is scaled to zero. Fix it: pulumi config set activeSlot green && pulumi up",
    ],
  },
  {
    title: "the switch to an empty slot, of which the configuration alone says enough",
    before: { blue },
    after: { blue, activeSlot: "green" },
    says: [
      "activeSlot is green; allowed: a slot that runs a model; green is empty. Fix it: pulumi config set activeSlot blue",
    ],
  },
  {
    title: "the switch in the update that brings another model onto the slot",
    before: both,
    after: { ...onGreen, green: { ...green, image: IMAGE_C } },
    says: [
      "activeSlot is green; allowed: blue in the update that changes green.image: first the tasks, then their users. Fix it: pulumi config set activeSlot blue && pulumi up",
    ],
  },
  {
    title: "the switch in the update that gives the slot more tasks, with the line that puts both keys back",
    before: shifted(50),
    after: { ...onGreen, green: { ...green, minTasks: 4 } },
    says: [
      "activeSlot is green; allowed: blue in the update that changes green.minTasks: first the tasks, then their users. Fix it: pulumi config set-all --plaintext activeSlot=blue --plaintext greenWeight=50 && pulumi up",
    ],
  },
  {
    title: "the switch and a share for the former slot, when the new one does not run",
    before: { blue, green: { ...green, minTasks: 0 } },
    after: { ...onGreen, blueWeight: 10 },
    says: [
      "activeSlot is green; allowed: blue until an update has started green: so far it is scaled to zero. Fix it: pulumi config set-all --plaintext activeSlot=blue --plaintext blueWeight=0 && pulumi up",
    ],
  },
];

describeRefusals("users are given to tasks that do not run", SHARES);
describeRefusals("everyone is sent to tasks that do not run", SWITCHES);
