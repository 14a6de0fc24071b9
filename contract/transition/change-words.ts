import { isRecord } from "../config/field.ts";
import { modelFields } from "../config/model-fields.ts";
import { perSlot, SLOTS, type PerSlot } from "../slot.ts";
import { sameSplit, showSplit } from "../route/split.ts";
import { hasTestGroup, type StackConfig } from "../config/stack-config.ts";
import { IN_PLACE_PARTS } from "../config/task-settings.ts";
import { definitionChanges, type PartChange } from "./definition-changes.ts";
import { previousOf } from "./previous.ts";
import { TEST_GROUP_CHANGES } from "./test-group.ts";

type Changes = PerSlot<readonly PartChange[]>;

const SECTIONS = ["network", "iam", "thresholds", "rollout", "suite"] as const;

/** What a change of the configuration means, a sentence each, what users would notice first. */
export function changeWords(before: StackConfig, after: StackConfig): readonly string[] {
  const previous = previousOf(before);
  const changes = perSlot((slot) => definitionChanges(previous, after, slot));
  return [
    routingWords(before, after),
    ...taskWords(before, changes),
    ...serviceWords(before, after, changes),
    ...SECTIONS.flatMap((section) => leafWords(section, before[section], after[section])),
    ...tokenWords(before, after),
  ];
}

function tokenWords(before: StackConfig, after: StackConfig): readonly string[] {
  if (isSame(before.testTokens, after.testTokens)) return [];
  if (hasTestGroup(before) === hasTestGroup(after)) return ["changes testToken"];
  return [`${hasTestGroup(after) ? "sets" : "removes"} testToken: ${TEST_GROUP_CHANGES}`];
}

function routingWords(before: StackConfig, after: StackConfig): string {
  if (sameSplit(before.split, after.split) && before.activeSlot === after.activeSlot) {
    return `shifts nothing and moves nobody: ${showSplit(after.split)}`;
  }
  const role =
    before.activeSlot === after.activeSlot ? "" : `, and makes ${after.activeSlot} the active slot`;
  return `moves users from ${showSplit(before.split)} to ${showSplit(after.split)}${role}`;
}

function taskWords(before: StackConfig, changes: Changes): readonly string[] {
  return SLOTS.flatMap((slot) => {
    const parts = [...new Set(changes[slot].map(({ part }) => part))];
    const inPlace = parts.filter((part) => IN_PLACE_PARTS.includes(part));
    const replaced = parts.filter((part) => !inPlace.includes(part));
    const share = before.split[slot];
    const users = share === 0 ? "which has no users" : `which has ${share} % of the users`;
    return [
      ...(replaced.length === 0
        ? []
        : [`replaces the tasks of ${slot}, ${users}: other ${replaced.join(", ")}`]),
      ...(inPlace.length === 0 ? [] : [`changes ${slot} as it runs, ${users}: other ${inPlace.join(", ")}`]),
    ];
  });
}

/** Of an edit of `service`: what it touches now, and what only the next deploy takes from it. */
function serviceWords(before: StackConfig, after: StackConfig, changes: Changes): readonly string[] {
  const touched = SLOTS.flatMap((slot) => changes[slot].map(({ key }) => ({ slot, key })));
  return Object.entries(after.service).flatMap(([name, value]) => {
    const words = leafWords(`service.${name}`, entry(before.service, name), value);
    // A variable has a key of its own below it.
    const keys = touched.filter(({ key }) => `${key}.`.startsWith(`service.${name}.`));
    const slots = SLOTS.filter((slot) => keys.some((one) => one.slot === slot));
    const whom = Object.hasOwn(modelFields, name)
      ? slots.length === 0
        ? "for the next deploy, touches nothing that runs"
        : `touches ${slots.join(" and ")} now`
      : SHARED[name];
    return words.map((word) => (whom === undefined ? word : `${word}: ${whom}`));
  });
}

/** What the keys of `service` that belong to no model touch. */
const SHARED: Readonly<Record<string, string>> = {
  stickinessSeconds: "touches the route now",
  certificateArn: "touches the listener now",
  hostName: "touches the address of the model now, and its certificate and record where the stack makes them",
  hostedZoneId: "touches the certificate and the record of service.hostName now",
  allowedCidrs: "touches who may reach the load balancer, now",
  testCidrs: "touches the test rules now",
  allowInPlace: "touches nothing by itself",
  logDays: "touches the logs now",
};

const entry = (section: Readonly<Record<string, unknown>>, name: string) => section[name];

function leafWords(path: string, before: unknown, after: unknown): readonly string[] {
  if (isSame(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => leafWords(`${path}.${name}`, before[name], after[name]));
  }
  // What stands in the environment or a secret's name is nobody's to read in a comment.
  if (/\.(environment|secrets)\./.test(path)) {
    return [`${before === undefined ? "adds" : after === undefined ? "removes" : "changes"} ${path}`];
  }
  if (before === undefined) return [`sets ${path} to ${show(after)}`];
  if (after === undefined) return [`removes ${path}, which was ${show(before)}`];
  const verb =
    typeof before === "number" && typeof after === "number"
      ? after > before
        ? "raises"
        : "lowers"
      : "changes";
  return [`${verb} ${path} from ${show(before)} to ${show(after)}`];
}

const isSame = (before: unknown, after: unknown) => JSON.stringify(before) === JSON.stringify(after);
const show = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
