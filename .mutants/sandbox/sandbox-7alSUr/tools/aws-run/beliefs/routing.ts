import { by, eitherWay, couldNotTell, failed, seen, within, type Belief } from "../belief.ts";

/** Rules, cookies and target groups of Elastic Load Balancing. */
export const ROUTING: readonly Belief[] = [
  {
    id: "cookie-at-weight-0",
    words: "A cookie of a group at weight 0 still goes there while stickiness is on",
    from: 're:Post answer; ELB guide ("takes precedence over weight")',
    leansOn: "why rolling a share back also turns stickiness off",
    proof: by("shift", ({ cookieAtZero }) =>
      cookieAtZero === undefined
        ? couldNotTell("the share never moved away from the cookie's group")
        : eitherWay(cookieAtZero === "2", `the cookie's request was answered by ${cookieAtZero}`),
    ),
  },
  {
    id: "cookie-stickiness-off",
    words: "With stickiness off in the same write, pinned users come back",
    from: "follows from the guide, not said by it",
    leansOn: "`revert`, the watchdog, a share of 0",
    proof: by("shift", ({ cookieOffSeconds }) => within(cookieOffSeconds, 120, "a pinned user was back")),
  },
  {
    id: "cookie-group-removed",
    words: "A cookie of a group that the rule no longer names is ignored",
    from: "unknown",
    leansOn: "nothing today; the second way out if the first fails",
    proof: by("shift", ({ cookieRemovedSeconds }) =>
      within(cookieRemovedSeconds, 120, "a pinned user was back"),
    ),
  },
  {
    id: "propagation",
    words: "A changed rule is seen by requests within seconds, at most two minutes",
    from: "controllers of others wait 120 s",
    leansOn: "`settle` and `retire` wait for drain, not for a fixed time",
    proof: by("shift", ({ propagationSeconds }) =>
      within(propagationSeconds, 120, "twenty requests in a row went the new way"),
    ),
  },
  {
    id: "rule-weight-0",
    words: "A rule created with weight 0 has weight 0",
    from: "pulumi/pulumi-aws#5772 happens under `ignoreChanges` alone, which the program does not use",
    leansOn: "no user on an untested slot",
    proof: by("route", ({ weights }) =>
      eitherWay(weights.join() === "100,0", `created with 100 and 0, read ${weights.join(" and ")}`),
    ),
  },
  {
    id: "single-group-sticky",
    words: "One group with target stickiness needs no group stickiness",
    from: "a maintainer and a user differ",
    leansOn: "nothing today: the program refuses target stickiness",
    proof: by("route", ({ singleSticky }) => eitherWay(singleSticky.accepted, singleSticky.said)),
  },
  {
    id: "two-listeners",
    words:
      "Two listeners of a load balancer may forward to the same target group, and a rule on the second one can be made while the first still has its own",
    from: "ELB guide: a target group is used with one load balancer, no word of one listener",
    leansOn: "to HTTPS and back: the route is made on the other listener before the old one goes",
    proof: by("route", ({ secondListener }) => eitherWay(secondListener.accepted, secondListener.said)),
  },
  {
    id: "default-action-in-place",
    words: "A listener's default action changes from `redirect` to `fixed-response` and back in place",
    from: "ELB API, `ModifyListener`",
    leansOn: "the listener of port 80 stays when a certificate comes or goes",
    proof: by("route", ({ defaultAction }) => eitherWay(defaultAction.accepted, defaultAction.said)),
  },
  {
    id: "rule-tag",
    words: "A tag written to a rule is read back within five seconds, from everywhere",
    from: "not documented",
    leansOn:
      "which of several calls of the watchdog tells people (watchdog/telling.ts); if not, they are told twice",
    proof: by("route", ({ tagSeconds }) => within(tagSeconds, 5, "twenty answers in a row had it")),
  },
  {
    id: "group-attributes-in-place",
    words:
      "Another algorithm, or slow start, of a target group holds from the next request on and takes no target away",
    from: "ELB API: attributes of a target group are modified in place (ModifyTargetGroupAttributes)",
    leansOn:
      "`service.algorithm` and `service.slowStartSeconds` may change in place where `service.allowInPlace` allows it",
    proof: by("group", ({ changed, healthyBefore, fewestHealthy, failedRequests }) => {
      const wrong = changed.filter(({ value, read }) => value !== read);
      if (wrong.length > 0)
        return failed(wrong.map(({ key, value, read }) => `${key}: wrote ${value}, read ${read}`).join("; "));
      if (healthyBefore === 0) return couldNotTell("the group had no healthy target to lose");
      return eitherWay(
        fewestHealthy >= healthyBefore && failedRequests === 0,
        `${healthyBefore} healthy before, at least ${fewestHealthy} after; ${failedRequests} requests failed`,
      );
    }),
  },
  {
    id: "slow-start-empty-group",
    words: "Slow start does nothing for the first targets of an empty group",
    from: 'ELB guide, "Edit target group attributes"',
    leansOn: "docs/aws.md: a candidate is not warmed by it",
    proof: {
      none: "the first targets share all of a group's requests whether they start slowly or not, so no request shows it",
    },
  },
  {
    id: "internal-ipv4",
    words: "An internal load balancer must have IPv4 alone",
    from: "ELB API, SetIpAddressType",
    leansOn: "the refusal of `dualstack` with `network.internal`",
    proof: by("internal", ({ accepted, said }) => {
      if (accepted) return failed(said);
      return /internal/i.test(said) ? seen(said) : couldNotTell(`refused for another reason: ${said}`);
    }),
  },
  {
    id: "route-reads-back",
    words: "The route reads back as declared (no drift after `refresh`)",
    from: "pulumi/pulumi-aws#5771",
    leansOn: "`status`, drift",
    proof: by("release", ({ drift }) =>
      drift === undefined
        ? couldNotTell("the stack was not there to be refreshed")
        : eitherWay(drift.length === 0, drift.length === 0 ? "nothing to do" : drift.join("; ")),
    ),
  },
  {
    id: "eight-addresses",
    words: "Names of load balancers resolve to at most eight of their addresses at a time",
    from: "seen in public questions, no figure of AWS's",
    leansOn:
      'one address in common is taken for "the DNS leads there"; without one the tools ask the load balancer itself, which is right, too',
    proof: {
      none: "a load balancer has more than eight addresses only under a load that would cost more than the run",
    },
  },
];
