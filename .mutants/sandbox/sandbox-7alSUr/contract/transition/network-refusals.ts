import type { Problem } from "../checks/problem.ts";
import { namesIn, type NetworkKey } from "./network-memory.ts";
import { inTurn } from "./routing.ts";

export const SECOND_STACK =
  "For another network make a second stack, and move the name of the model to its url";

export function replacement(key: NetworkKey, was: string, is: string, what: string): Problem {
  return {
    key: `network.${key}`,
    got: is || "nothing",
    allowed: `${was || "nothing"} as deployed while the stack has users: another value replaces ${what} under them. ${SECOND_STACK}`,
    fix: putBack(key, was),
  };
}

/** `service.allowInPlace` allows one slot at a time, and the network is that of both. */
export function moved(key: NetworkKey, was: string, is: string): Problem {
  return {
    key: `network.${key}`,
    got: is || "nothing",
    allowed: `${was || "nothing"} as deployed while the stack has users: another value moves the tasks of both slots at once. ${SECOND_STACK}`,
    fix: putBack(key, was),
  };
}

function putBack(key: NetworkKey, was: string): string {
  const path = `network.${key}`;
  // What is not said stays as it is remembered.
  if (key === "zoneNames") return `pulumi config rm --path ${path}`;
  if (key !== "publicSubnetIds" && key !== "taskSubnetIds") {
    return was === "" ? `pulumi config rm --path ${path}` : `pulumi config set --path ${path} ${was}`;
  }
  // A list as a whole: an entry that is set stands beside those that are there.
  const entries = namesIn(was).map(
    (subnet, index) => `pulumi config set --path '${path}[${index}]' ${subnet}`,
  );
  return inTurn(`pulumi config rm --path ${path}`, ...entries);
}
