import type { Properties } from "../../../pulumi-engine/values/provider.ts";

/** A metric alarm without what it watches. */
export const ALARM: Properties = {
  name: "models-blue-error-rate",
  alarmDescription: "blue: failures",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0.05,
  datapointsToAlarm: 3,
  evaluationPeriods: 5,
  treatMissingData: "notBreaching",
  tags: { "deploy:slot": "blue" },
};
const requests = {
  id: "requests",
  metric: {
    namespace: "AWS/ApplicationELB",
    metricName: "RequestCount",
    dimensions: { TargetGroup: "targetgroup/blue/1", LoadBalancer: "app/lb/1" },
    stat: "Sum",
    period: 60,
  },
  returnData: false,
};
const rate = { id: "rate", expression: "requests / 2", label: "failures", returnData: true };

/** Two queries of metric math. */
export const QUERIES = [requests, rate];

/** Which service is scaled. */
export const SCALABLE: Properties = {
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: "service/models/models-blue",
};
