import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../pulumi-engine/values/provider.ts";
import {
  change,
  createTestCloud,
  make,
  makeRoute,
  makeService,
  type Resource,
  type TestCloud,
} from "./cloud.ts";
import { ALARM, QUERIES, SCALABLE } from "./inputs.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = createTestCloud();
});
afterEach(() => cloud.close());

interface LifeCycle {
  readonly title: string;
  /** The resource, and inputs that differ from its own in what can be changed in place. */
  readonly given: () => Promise<{ resource: Resource; changed: Properties }>;
  /** Write operations that the change takes. */
  readonly updatedBy: readonly string[];
  /** Outputs that programs read. */
  readonly outputs: Properties;
}

const ELB = "arn:aws:elasticloadbalancing:eu-central-1:000000000000";
const LIFE_CYCLES: readonly LifeCycle[] = [
  {
    title: "a load balancer",
    given: async () => {
      const { loadBalancer } = await makeRoute(cloud);
      const changed = {
        ...loadBalancer.inputs,
        idleTimeout: 120,
        securityGroups: ["sg-2"],
        tags: { a: "b" },
      };
      return { resource: loadBalancer, changed };
    },
    updatedBy: ["ModifyLoadBalancerAttributes", "SetSecurityGroups", "AddTags", "RemoveTags"],
    outputs: {
      arn: expect.stringMatching(`^${ELB}:loadbalancer/app/models-1/[0-9a-f]{16}$`),
      arnSuffix: expect.stringMatching("^app/models-1/[0-9a-f]{16}$"),
      dnsName: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      zoneId: expect.any(String),
      tagsAll: { "deploy:stack": "local" },
      region: "eu-central-1",
    },
  },
  {
    title: "a target group",
    given: async () => {
      const { vpc } = await makeRoute(cloud);
      const inputs = {
        name: "free",
        port: 80,
        protocol: "HTTP",
        targetType: "ip",
        vpcId: vpc.id,
        deregistrationDelay: 10,
        healthCheck: { path: "/health" },
      };
      const resource = await make(cloud, "aws:lb/targetGroup:TargetGroup", "free", inputs);
      return { resource, changed: { ...inputs, deregistrationDelay: 5, healthCheck: { path: "/ready" } } };
    },
    updatedBy: ["ModifyTargetGroupAttributes", "ModifyTargetGroup"],
    outputs: {
      arn: expect.stringMatching(`^${ELB}:targetgroup/free/[0-9a-f]{16}$`),
      arnSuffix: expect.stringMatching("^targetgroup/free/[0-9a-f]{16}$"),
      name: "free",
      deregistrationDelay: 10,
    },
  },
  {
    title: "a listener",
    given: async () => {
      const { loadBalancer } = await makeRoute(cloud);
      const inputs = {
        loadBalancerArn: loadBalancer.id,
        port: 81,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ],
      };
      const resource = await make(cloud, "aws:lb/listener:Listener", "redirect", inputs);
      return { resource, changed: { ...inputs, port: 82 } };
    },
    updatedBy: ["ModifyListener"],
    outputs: { arn: expect.stringMatching(`^${ELB}:listener/app/models-1/`), port: 81, protocol: "HTTP" },
  },
  {
    title: "a listener rule",
    given: async () => {
      const { rule, ruleInputs } = await makeRoute(cloud);
      return { resource: rule, changed: { ...ruleInputs(50, 50), priority: 7, tags: { a: "b" } } };
    },
    updatedBy: ["SetRulePriorities", "ModifyRule", "AddTags", "RemoveTags"],
    outputs: { arn: expect.stringMatching(`^${ELB}:listener-rule/app/models-1/`), priority: 100 },
  },
  {
    title: "a dashboard",
    given: async () => {
      const inputs = { dashboardName: "main", dashboardBody: '{"widgets":[]}' };
      const resource = await make(cloud, "aws:cloudwatch/dashboard:Dashboard", "main", inputs);
      return { resource, changed: { ...inputs, dashboardBody: '{"start":"-PT1H","widgets":[]}' } };
    },
    updatedBy: ["PutDashboard"],
    outputs: {
      dashboardArn: "arn:aws:cloudwatch::000000000000:dashboard/main",
      dashboardBody: '{"widgets":[]}',
    },
  },
  {
    title: "a cluster",
    given: async () => {
      const inputs = { name: "other", tags: { a: "b" } };
      const resource = await make(cloud, "aws:ecs/cluster:Cluster", "other", inputs);
      return { resource, changed: { ...inputs, tags: { a: "c" } } };
    },
    updatedBy: ["TagResource"],
    outputs: {
      arn: "arn:aws:ecs:eu-central-1:000000000000:cluster/other",
      name: "other",
      tagsAll: { a: "b" },
    },
  },
  {
    title: "a task definition",
    given: async () => {
      const { definition, definitionInputs } = await makeService(cloud, await makeRoute(cloud));
      return { resource: definition, changed: { ...definitionInputs("model:1"), tags: { a: "b" } } };
    },
    updatedBy: ["TagResource", "UntagResource"],
    outputs: {
      arn: "arn:aws:ecs:eu-central-1:000000000000:task-definition/models-blue:1",
      arnWithoutRevision: "arn:aws:ecs:eu-central-1:000000000000:task-definition/models-blue",
      family: "models-blue",
      revision: 1,
    },
  },
  {
    title: "a service",
    given: async () => {
      const { service, serviceInputs } = await makeService(cloud, await makeRoute(cloud));
      return { resource: service, changed: { ...serviceInputs, deploymentMaximumPercent: 150, tags: {} } };
    },
    updatedBy: ["UpdateService", "UntagResource"],
    outputs: {
      arn: "arn:aws:ecs:eu-central-1:000000000000:service/models/models-blue",
      name: "models-blue",
      cluster: "arn:aws:ecs:eu-central-1:000000000000:cluster/models",
      taskDefinition: "arn:aws:ecs:eu-central-1:000000000000:task-definition/models-blue:1",
    },
  },
  {
    title: "a scalable target",
    given: async () => {
      await makeService(cloud, await makeRoute(cloud));
      const inputs = { ...SCALABLE, minCapacity: 0, maxCapacity: 0, tags: { "model:version": "1" } };
      const resource = await make(cloud, "aws:appautoscaling/target:Target", "blue", inputs);
      return { resource, changed: { ...inputs, maxCapacity: 4, tags: { "model:version": "2" } } };
    },
    updatedBy: ["RegisterScalableTarget"],
    outputs: { ...SCALABLE, arn: expect.stringContaining(":scalable-target/"), minCapacity: 0 },
  },
  {
    title: "a scaling policy",
    given: async () => {
      await makeService(cloud, await makeRoute(cloud));
      await make(cloud, "aws:appautoscaling/target:Target", "blue", {
        ...SCALABLE,
        minCapacity: 0,
        maxCapacity: 0,
      });
      const inputs = (targetValue: number) => ({
        ...SCALABLE,
        name: "cpu",
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        },
      });
      const resource = await make(cloud, "aws:appautoscaling/policy:Policy", "blue-cpu", inputs(60));
      return { resource, changed: inputs(70) };
    },
    updatedBy: ["PutScalingPolicy"],
    outputs: { arn: expect.stringContaining(":scalingPolicy:"), name: "cpu" },
  },
  {
    title: "a metric alarm with metric math",
    given: async () => {
      const inputs = { ...ALARM, metricQueries: QUERIES };
      const resource = await make(cloud, "aws:cloudwatch/metricAlarm:MetricAlarm", "error-rate", inputs);
      return { resource, changed: { ...inputs, threshold: 0.1, tags: {} } };
    },
    updatedBy: ["PutMetricAlarm", "UntagResource"],
    outputs: {
      arn: "arn:aws:cloudwatch:eu-central-1:000000000000:alarm:models-blue-error-rate",
      name: "models-blue-error-rate",
    },
  },
  {
    title: "a metric alarm on one metric",
    given: async () => {
      const inputs = {
        ...ALARM,
        namespace: "AWS/ECS",
        metricName: "CPUUtilization",
        statistic: "Average",
        period: 60,
        dimensions: { ServiceName: "s", ClusterName: "c" },
      };
      const resource = await make(cloud, "aws:cloudwatch/metricAlarm:MetricAlarm", "cpu", inputs);
      return { resource, changed: { ...inputs, dimensions: { ServiceName: "t", ClusterName: "c" } } };
    },
    updatedBy: ["PutMetricAlarm"],
    outputs: { dimensions: { ClusterName: "c", ServiceName: "s" } },
  },
  {
    title: "a composite alarm",
    given: async () => {
      await make(cloud, "aws:cloudwatch/metricAlarm:MetricAlarm", "error-rate", {
        ...ALARM,
        metricQueries: QUERIES,
      });
      const inputs = { alarmName: "models-blue", alarmRule: 'ALARM("models-blue-error-rate")' };
      const resource = await make(cloud, "aws:cloudwatch/compositeAlarm:CompositeAlarm", "blue", inputs);
      return { resource, changed: { ...inputs, alarmRule: 'OK("models-blue-error-rate")' } };
    },
    updatedBy: ["PutCompositeAlarm"],
    outputs: {
      arn: "arn:aws:cloudwatch:eu-central-1:000000000000:alarm:models-blue",
      alarmName: "models-blue",
    },
  },
  {
    title: "a recorded security group",
    given: async () => {
      const inputs = { vpcId: "vpc-1", ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80 }] };
      const resource = await make(cloud, "aws:ec2/securityGroup:SecurityGroup", "tasks", inputs);
      return { resource, changed: { ...inputs, ingress: [] } };
    },
    updatedBy: [],
    outputs: { name: "tasks-0a1b2c3", vpcId: "vpc-1", arn: expect.stringContaining(":security-group/sg-") },
  },
];

describe.each(LIFE_CYCLES)("$title", ({ given, updatedBy, outputs }) => {
  it("has the outputs that programs read", async () => {
    const { resource } = await given();
    expect(resource.outputs).toMatchObject({ ...outputs, id: resource.id });
  });

  it("reads back exactly what was asked for, so that a refresh shows no drift", async () => {
    const { resource } = await given();
    const read = await cloud.provider.read(resource);
    expect(read?.inputs).toEqual(resource.inputs);
    expect(read?.outputs).toEqual(resource.outputs);
  });

  it("has nothing to change when the same inputs come again", async () => {
    const { resource } = await given();
    cloud.writes();
    expect((await change(cloud, resource, resource.inputs)).changes).toEqual([]);
    expect(cloud.writes()).toEqual([]);
  });

  it("is updated in place by the calls that the change needs, and by no other", async () => {
    const { resource, changed } = await given();
    cloud.writes();
    const updated = await change(cloud, resource, changed);
    expect(cloud.writes().map(({ operation }) => operation)).toEqual(updatedBy);
    expect(await cloud.provider.read(updated)).toEqual({ inputs: updated.inputs, outputs: updated.outputs });
    expect(updated.inputs).not.toEqual(resource.inputs);
  });

  it("is gone after its deletion, and may be deleted again", async () => {
    const { resource } = await given();
    const { type, urn, id, outputs } = resource;
    await cloud.provider.delete({ type, urn, id, outputs });
    expect(await cloud.provider.read(resource)).toBeUndefined();
    await cloud.provider.delete({ type, urn, id, outputs });
  });
});
