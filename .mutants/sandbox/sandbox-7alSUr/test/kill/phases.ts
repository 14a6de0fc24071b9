import { answer, call, type Landmark } from "./landmarks.ts";

/** A place on the way of a verb where something is killed. */
export interface Phase {
  readonly name: string;
  /** By what a verb does, seen from the cloud and the disk: the last of them, after the others. */
  readonly trail: readonly Landmark[];
}

const phase = (name: string, ...trail: readonly Landmark[]): Phase => ({ name, trail });

/** Every call by which an update of the stack makes something true, in its order; a verb has those that it makes. */
const OF_AN_UPDATE: readonly Phase[] = [
  phase("before it takes the lock", call("lock")),
  phase("the lock is taken, the program starts", call("lock"), call("providerRead")),
  phase("before the resource call", call("providerWrite")),
  phase("after the resource call, before its answer", answer("providerWrite")),
  phase("before the state is saved", answer("providerWrite"), call("state")),
  phase("before the history has it", call("history")),
  phase("before the lock is given back", call("unlock")),
  phase("before the stack file is synced", call("unlock"), call("stackFile")),
  phase("before the route is read back", call("unlock"), call("DescribeRules")),
];

const updateAfter = (name: string, ...before: readonly Landmark[]): readonly Phase[] =>
  OF_AN_UPDATE.map((one) => phase(`${name}: ${one.name}`, ...before, ...one.trail));

export const STANDARD: readonly Phase[] = [
  phase("before its first call", call("clock")),
  phase("while it reads the route", call("DescribeRules")),
  ...OF_AN_UPDATE,
];

export const EMERGENCY: readonly Phase[] = [
  phase("before its first call", call("clock")),
  phase("while it reads the route", call("DescribeRules")),
  phase("before the emergency write", call("ModifyRule")),
  phase("after the emergency write, before its answer", answer("ModifyRule")),
  ...OF_AN_UPDATE,
];

export const WAITS_AFTERWARDS: readonly Phase[] = [
  ...STANDARD,
  phase("while it waits for tasks", call("unlock"), call("DescribeServices")),
];

/** One slot after the other, each in an update of its own, which is the same code. */
export const ONE_BY_ONE: readonly Phase[] = [
  phase("before its first call", call("clock")),
  phase("before the resource call", call("providerWrite")),
  phase("before the history has it", call("history")),
  phase("while it waits for tasks", call("unlock"), call("DescribeServices")),
  phase("other slot: before the resource call", call("unlock"), call("providerWrite")),
  phase(
    "other slot: while it waits for tasks",
    call("unlock"),
    call("providerWrite"),
    call("unlock"),
    call("DescribeServices"),
  ),
];

export const WAITS_BEFORE: readonly Phase[] = [
  phase("while it waits for the drain", call("GetMetricData")),
  ...WAITS_AFTERWARDS,
];

/** Where an update of a rollout differs from the one before it by who has users: the rest is the same code. */
const TELLING: readonly RegExp[] = [/takes the lock/, /resource call/, /history/, /stack file/];

/** A rollout in one step has two updates: the first share, and the promotion. */
export const ROLLOUT: readonly Phase[] = [
  phase("before its first call", call("clock")),
  phase("while it reads the route", call("DescribeRules")),
  ...updateAfter("first share"),
  phase("while baking", call("unlock"), call("GetMetricData")),
  ...updateAfter("promotion", call("unlock")).filter(({ name }) => TELLING.some((word) => word.test(name))),
];

/** The same with an update before it, which gives the candidate the tasks of its first share. */
export const TASKS_FIRST: readonly Phase[] = [
  ...updateAfter("tasks").filter(({ name }) => TELLING.some((word) => word.test(name))),
  phase("while the tasks start", call("unlock"), call("DescribeServices")),
  ...updateAfter("first share", call("unlock")).filter(({ name }) => TELLING.some((word) => word.test(name))),
];

export const FILE_ONLY: readonly Phase[] = [
  phase("before its first call", call("clock")),
  phase("before the stack file is synced", call("stackFile")),
];
