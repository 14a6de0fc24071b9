/**
 * What the local cloud and moto answer differently, and who is wrong: lines of `differences`, and why. Sources are AWS's
 * API references; files are moto's. A line that no longer differs fails the test, so that this list stays true.
 */
export type Known = readonly (readonly [line: RegExp, why: string])[];

const VALIDATES = "moto does not validate this, AWS and the local cloud do";

export const KNOWN_OF_ELB: Known = [
  [
    /LoadBalancers?: moto alone .*(VpcId|ZoneName)/,
    "the local cloud has no network, so a load balancer has no VPC",
  ],
  [
    /Listeners?: moto alone Listeners\[\]\.SslPolicy/,
    "moto names one for HTTP; ELB API, Listener: of HTTPS and TLS",
  ],
  [/: local alone Rules\[\]\.Conditions\[\]\.Values/, "ELB answers a path both ways, moto as it was given"],
  [/^CreateListener, port in use: local DuplicateListener/, VALIDATES],
  [/^CreateRule, (priority 0|weight|no conditions).*: local ValidationError, moto answers/, VALIDATES],
  [/^DescribeTags, unknown rule: local RuleNotFound/, "ELB API, DescribeTags: RuleNotFound"],
  [/^DeleteRule, gone: local RuleNotFound/, "ELB API, DeleteRule: RuleNotFound"],
  [
    /^DeleteTargetGroup, gone: local answers/,
    "ELB API, DeleteTargetGroup: no error but ResourceInUse; moto has TargetGroupNotFound",
  ],
  [
    /^DescribeTargetHealth: local alone .*(AvailabilityZone|Reason|Description)/,
    "moto calls every target healthy, so that there is no reason (elbv2/models.py, health_for), and names no zone",
  ],
];

export const KNOWN_OF_ECS: Known = [
  [/clusters?(\[\])?\.settings/, "moto always names containerInsights; ECS when it is asked for"],
  [/^RegisterTaskDefinition.*: local alone tags/, "ECS API, RegisterTaskDefinition: the answer has the tags"],
  [
    /TaskDefinition.*: local alone taskDefinition\.(de)?registeredAt/,
    "moto keeps no times of task definitions",
  ],
  [/^RegisterTaskDefinition, (no container|memory|Fargate).*moto answers/, VALIDATES],
  [
    /: local alone services?(\[\])?\.(platform|deploymentConfiguration|createdAt|events|healthCheckGrace)/,
    "moto does not keep these of a service (ecs/models.py, Service)",
  ],
  [
    /: local alone services?(\[\])?\.(deployments\[\]\.)?(platformVersion|networkConfiguration.*assignPublicIp)/,
    "moto answers what it was given, ECS its defaults, too",
  ],
  [
    /: moto alone services?(\[\])?\.propagateTags/,
    "the local cloud answers what it was given, and no NONE: Pulumi's provider takes the two for the same",
  ],
  [/^CreateService, (same name|unknown target group).*moto answers/, VALIDATES],
  [/^DescribeServices, eleven.*moto answers/, VALIDATES],
  [/^ListTasks, unknown service: local ServiceNotFound/, VALIDATES],
  [
    /^DescribeTasks, unknown: local alone failures/,
    "moto leaves unknown tasks out (ecs/models.py, describe_tasks)",
  ],
  [/^PutScalingPolicy, before its target.*moto answers/, VALIDATES],
  [/^RegisterScalableTarget, more at least.*moto answers/, VALIDATES],
  [/^DescribeScalableTargets: local alone/, "Application Auto Scaling names the role and what is suspended"],
  [
    /Scaling(Policy|Policies): moto alone .*Alarms/,
    "the local cloud records policies and makes no alarms of them",
  ],
  [
    /^De(lete|register)Scal.*, gone: local ObjectNotFoundException, moto ValidationException/,
    "Application Auto Scaling API: ObjectNotFoundException",
  ],
  [/^DeleteCluster, (with a service|gone): local .*moto answers/, VALIDATES],
];

export const KNOWN_OF_CLOUDWATCH: Known = [
  [/^PutMetricData, AWS's namespace.*moto answers/, VALIDATES],
  [/^GetMetricData, one Id twice.*moto answers/, VALIDATES],
  [/^PutMetricAlarm, .*moto answers/, VALIDATES],
  [/^DescribeAlarms, names and prefix.*moto answers/, VALIDATES],
  [/: local alone MetricAlarms\[\]\.StateTransitionedTimestamp/, "moto has StateUpdatedTimestamp alone"],
  [
    /: moto alone MetricAlarms\[\]\.StateReasonData/,
    "moto answers an alarm that was never evaluated with {}",
  ],
  [
    /^DescribeAlarms, prefix and another state: moto alone/,
    "moto looks at the prefix or at the state (cloudwatch/responses.py, describe_alarms); the local cloud at both",
  ],
  [/^DeleteAlarms, gone: local ResourceNotFound/, "CloudWatch API, DeleteAlarms: ResourceNotFound"],
];

/** What differs and is not known, and what is known and does not differ. */
export function unknownOf(found: readonly string[], known: Known): readonly string[] {
  const unexplained = found.filter((line) => !known.some(([pattern]) => pattern.test(line)));
  const stale = known.filter(([pattern]) => !found.some((line) => pattern.test(line)));
  return [...unexplained, ...stale.map(([pattern, why]) => `no longer so: ${pattern.source}: ${why}`)];
}
