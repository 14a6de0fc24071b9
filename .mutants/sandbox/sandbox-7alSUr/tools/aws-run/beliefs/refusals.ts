import { by, eitherWay, type Belief } from "../belief.ts";
import type { RouteSeen } from "../observations.ts";

const refusal = (what: keyof RouteSeen["refused"]) =>
  by("route", ({ refused }) => eitherWay(!refused[what].accepted, refused[what].said));

/** What the product refuses because AWS would. */
export const REFUSALS: readonly Belief[] = [
  {
    id: "host-name-dot",
    words: "A host name in a listener rule needs a dot, and has letters alone behind the last one",
    from: "ELB API, `HostHeaderConditionConfig`; kubernetes-sigs/aws-load-balancer-controller#2561 has the error for a hyphen",
    leansOn: "the refusal of other `network.hostHeaders`",
    proof: refusal("hostName"),
  },
  {
    id: "path-characters",
    words: "A path pattern has letters, digits and `_ - . $ / ~ \" ' @ : + & * ?` alone",
    from: "ELB API, `RuleCondition`",
    leansOn: "the refusal of other `network.pathPatterns`",
    proof: refusal("pathPattern"),
  },
  {
    id: "rule-without-source",
    words: "EC2 takes no rule of a security group without a source",
    from: "EC2 API, `IpPermission`: each has ranges or groups",
    leansOn: "with `service.allowedCidrs` empty the group has no rule",
    proof: refusal("noSource"),
  },
  {
    id: "ten-decimals",
    words: "Bounds of trimmed counts have at most ten decimals",
    from: "CloudWatch User Guide, statistics definitions",
    leansOn: "`slow-rate`, slow answers in the comparison: six decimals",
    proof: refusal("decimals"),
  },
];
