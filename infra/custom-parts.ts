import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../contract/checks/problem.ts";

/** What `custom` may give back. */
export interface Custom {
  /** Outputs of the stack beside its own; a name of its own is refused. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** ARNs that the composite alarm of each slot calls when it goes to ALARM, such as that of an SNS topic. */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

// CloudWatch API, PutCompositeAlarm: at most five actions for a state; the watchdog may be one.
const MOST_ACTIONS = 5;

/**
 * `custom` is called last, with the slots' alarms among the parts, and says itself whom they call: so they wait for
 * its answer. `watchdogArn`, `said`: whom they call anyway.
 */
export function customActions(
  watchdogArn: pulumi.Output<string> | undefined,
  said: readonly pulumi.Input<string>[] = [],
) {
  const { promise, resolve } = Promise.withResolvers<readonly pulumi.Input<string>[]>();
  const own = [...(watchdogArn === undefined ? [] : [watchdogArn]), ...said];
  // undefined, not an empty list: an alarm that calls nobody is as it was before anybody could say so.
  const alarmActions = pulumi.all([own, promise]).apply(([first, given]) => {
    const all = [...first, ...given];
    return all.length === 0 ? undefined : all;
  });
  return {
    alarmActions,
    /** @throws pulumi.RunError when there are more than an alarm takes. */
    answer({ alarmActions: given = [] }: Custom): void {
      const [yours, most] = [said.length + given.length, MOST_ACTIONS - (own.length - said.length)];
      if (yours > most) {
        const allowed = `at most ${most}, because CloudWatch takes ${MOST_ACTIONS} for an alarm${most < MOST_ACTIONS ? ", and one is the watchdog" : ""}`;
        const got = `${yours} (${said.length} of alarmActions, ${given.length} of what custom gives back)`;
        const fix = "give one topic in the program, and let it tell the others";
        throw new pulumi.RunError(showProblems([problem("alarmActions", got, allowed, fix)]));
      }
      resolve(given);
    },
  };
}

/**
 * All outputs of the stack.
 * @throws pulumi.RunError for a name that the stack has itself: everything else finds the stack by its outputs.
 */
export function withCustomOutputs<O extends object>(own: O, { outputs = {} }: Custom): O {
  const taken = Object.keys(outputs).filter((name) => Object.hasOwn(own, name));
  if (taken.length === 0) return { ...outputs, ...own };
  const allowed = `other names than the model's own (${Object.keys(own).join(", ")})`;
  const fix = "call them otherwise in what custom gives back in the program";
  throw new pulumi.RunError(showProblems([problem("outputs of custom", taken.join(", "), allowed, fix)]));
}
