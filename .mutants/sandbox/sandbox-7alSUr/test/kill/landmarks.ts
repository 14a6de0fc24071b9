import type { Call, Moment } from "../scenario/support/gate.ts";
import { DISK_PATH } from "../scenario/support/gate.ts";

/** What a process asks for, in the words by which phases know it. */
export type Doing =
  | "clock"
  | "lock"
  | "unlock"
  | "state"
  | "history"
  | "stackFile"
  | "otherFile"
  | "providerRead"
  | "providerWrite"
  | "ModifyRule"
  | "DescribeRules"
  | "DescribeServices"
  | "GetMetricData"
  | "other";

const FILES: readonly (readonly [RegExp, Doing])[] = [
  [/^link pulumi\/locks\//, "lock"],
  [/^unlink pulumi\/locks\//, "unlock"],
  [/^rename pulumi\/stacks\//, "state"],
  [/^link pulumi\/history\//, "history"],
  [/^rename Pulumi\.local\.yaml$/, "stackFile"],
];

const OPERATIONS: readonly Doing[] = ["ModifyRule", "DescribeRules", "DescribeServices", "GetMetricData"];

export function doingOf({ path, operation, body }: Call): Doing {
  if (path === DISK_PATH) {
    // The disk gate's own text.
    const step = JSON.parse(body) as { readonly operation: string; readonly path: string };
    const text = `${step.operation} ${step.path}`;
    return FILES.find(([pattern]) => pattern.test(text))?.[1] ?? "otherFile";
  }
  if (path === "/clock") return "clock";
  if (/^\/provider\/(create|update|delete)$/.test(path)) return "providerWrite";
  if (path.startsWith("/provider/")) return "providerRead";
  const asked = operation === "" ? new URLSearchParams(body).get("Action") : operation.split(".").at(-1);
  return OPERATIONS.find((name) => name === asked) ?? "other";
}

/** A moment on the way of a verb. */
export interface Landmark {
  readonly what: Moment;
  readonly doing: Doing;
}

export const call = (doing: Doing): Landmark => ({ what: "call", doing });
export const answer = (doing: Doing): Landmark => ({ what: "answer", doing });

/** Recognises the last of these landmarks, once the others have passed before it in this order. */
export function trail(landmarks: readonly Landmark[]): (what: Moment, call: Call) => boolean {
  let at = 0;
  return (what, made) => {
    const next = landmarks[at];
    if (next === undefined || next.what !== what || next.doing !== doingOf(made)) return false;
    at += 1;
    return at === landmarks.length;
  };
}
