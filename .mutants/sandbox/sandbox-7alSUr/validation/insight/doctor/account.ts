import type { Facts, Finding, Quota } from "./facts.ts";
import { broken, ok, unknown } from "./finding.ts";
import { noStack, notOnAws } from "./machine.ts";

/** What of the account is in place: credentials, region, quotas, API rate. */

const LOG_IN = "aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
export const NETWORK = "check the network and the proxy, and run it again";

export function credentials(facts: Facts): Finding {
  const { cloud, caller } = facts;
  if (cloud === "local") return notOnAws("credentials");
  if (cloud === "unclear") return noStack("credentials");
  if (!caller.readable) return unknown("credentials", caller.why, NETWORK);
  if (caller.value.kind === "refused") return broken("credentials", caller.value.why, LOG_IN);
  const { account, arn } = caller.value;
  const deployedIn = deployedPlace(facts)?.account;
  if (deployedIn !== undefined && deployedIn !== account) {
    const saw = `account ${account} as ${arn}, but the stack stands in account ${deployedIn}`;
    return broken("credentials", saw, `use credentials of account ${deployedIn}`);
  }
  return ok("credentials", `account ${account} as ${arn}`);
}

export function region(facts: Facts): Finding {
  const { cloud, region } = facts;
  if (cloud === "local") return notOnAws("region");
  if (cloud === "unclear") return noStack("region");
  if (!region.readable)
    return broken("region", region.why, "pulumi config set aws:region <region>, or set AWS_REGION");
  const deployedIn = deployedPlace(facts)?.region;
  if (deployedIn !== undefined && deployedIn !== region.value) {
    const saw = `${region.value}, but the stack stands in ${deployedIn}`;
    return broken("region", saw, `pulumi config set aws:region ${deployedIn}`);
  }
  return ok("region", region.value);
}

/** arn:aws:elasticloadbalancing:region:account:listener-rule/… of the route. */
function deployedPlace({
  deployed,
}: Facts): { readonly region: string; readonly account: string } | undefined {
  if (!deployed.readable || deployed.value === undefined) return undefined;
  const [, , , region = "", account = ""] = deployed.value.outputs.routeArn.split(":");
  return { region, account };
}

// Two groups a slot, and the one that awsx makes with the load balancer; a changed port makes them anew beside the
// old ones. Rules: the route, and a test rule for each slot.
const NEEDED_GROUPS = 5;
const NEEDED_RULES = 3;

export function quotas({ cloud, quotas, deployed }: Facts): readonly Finding[] {
  if (cloud === "local") return [notOnAws("quotas")];
  if (cloud === "unclear") return [noStack("quotas")];
  if (!quotas.readable)
    return [unknown("quotas", quotas.why, "see credentials; it needs elasticloadbalancing:Describe*")];
  const isDeployed = deployed.readable && deployed.value !== undefined;
  const { targetGroups, rules } = quotas.value;
  return [
    quota("target groups of the region", targetGroups, NEEDED_GROUPS, "Target Groups per Region"),
    quota(
      "rules of the load balancer",
      rules,
      isDeployed ? 0 : NEEDED_RULES,
      "Rules per Application Load Balancer",
    ),
  ];
}

function quota(what: string, { used, limit }: Quota, needed: number, name: string): Finding {
  const saw = `${what}: ${used} of ${limit} used, ${needed} needed`;
  return used + needed <= limit
    ? ok("quotas", saw)
    : broken("quotas", saw, `ask for more in Service Quotas ("${name}"), or remove what nobody uses`);
}

// CloudWatch: 9 DescribeAlarms a second for an account and region; a step makes one call. Above half of it, steps
// and deployments of others that read alarms meet throttling at their peaks.
const ALARM_CALLS_A_MINUTE = 9 * 60;
const BUSY = ALARM_CALLS_A_MINUTE / 2;

export function apiRate({ cloud, alarmCalls }: Facts): Finding {
  if (cloud === "local") return notOnAws("api-rate");
  if (cloud === "unclear") return noStack("api-rate");
  if (!alarmCalls.readable)
    return unknown("api-rate", alarmCalls.why, "see credentials; it needs cloudwatch:GetMetricData");
  if (alarmCalls.value === undefined) {
    return unknown(
      "api-rate",
      "AWS/Usage has no DescribeAlarms calls yet",
      "run it again after the first rollout",
    );
  }
  const saw = `${alarmCalls.value} DescribeAlarms calls in the busiest minute, of ${ALARM_CALLS_A_MINUTE} by AWS's default quota`;
  return alarmCalls.value < BUSY
    ? ok("api-rate", saw)
    : broken(
        "api-rate",
        saw,
        'ask for more in Service Quotas ("Rate of DescribeAlarms requests"), or lengthen --poll',
      );
}
