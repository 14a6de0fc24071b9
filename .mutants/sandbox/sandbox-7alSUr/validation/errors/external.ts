import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Slots that something else fills: `service.kind` external. */
export const EXTERNAL_ERRORS = {
  BG350: {
    exitCode: EXIT.usage,
    meaning:
      "It is not said what was rolled out, or more is said than a slot takes that something else fills.",
    fix: "`npx bluegreen deploy --external --digest sha256:<64 hex digits> --model-version <version>`, or an image or a model of a registry in place of the digest.",
  },
  BG351: {
    exitCode: EXIT.needsPerson,
    meaning: "The slot has too few healthy targets, and something else registers them. No user was on it.",
    fix: "Register them in both of its target groups (Kubernetes: `kubectl get targetgroupbindings`; else: `aws elbv2 register-targets`), let the security group of the load balancer in, and run the same command again.",
  },
  BG352: {
    exitCode: EXIT.needsPerson,
    meaning: "Something else has still targets in the slot, and ECS would register its tasks beside them.",
    fix: "Remove them (Kubernetes: delete the slot's TargetGroupBindings; else: `aws elbv2 deregister-targets`), and run the same command again.",
  },
  BG353: {
    exitCode: EXIT.usage,
    meaning: "Something else fills the slot: the stack runs no tasks there.",
    fix: "Do it where the model runs; docs/fleet/external.md says what belongs to whom.",
  },
} as const satisfies ErrorKinds;
