import { taskLogGroups } from "./place.ts";
import type { Scope } from "./scope.ts";

/** State, labels and logs: what is kept for longer than a step. */
export const STORAGE_SCOPES = {
  stateBucket: {
    why: "The bucket of Pulumi's state, when it is in S3; the stacks of a bucket trust each other.",
    grants: ({ partition, stateBucket }) =>
      stateBucket === undefined ? [] : [{ resources: [`arn:${partition}:s3:::${stateBucket}`] }],
  },
  stateObjects: {
    why: "The objects of that bucket.",
    grants: ({ partition, stateBucket }) =>
      stateBucket === undefined ? [] : [{ resources: [`arn:${partition}:s3:::${stateBucket}/*`] }],
  },
  labelBucket: {
    why: "The bucket that the configuration names for labels.",
    grants: ({ partition, labelBucket }) =>
      labelBucket === undefined ? [] : [{ resources: [`arn:${partition}:s3:::${labelBucket}`] }],
  },
  labelObjects: {
    why: "The stack's own labels in that bucket.",
    grants: ({ partition, labelBucket, project, stack }) =>
      labelBucket === undefined
        ? []
        : [{ resources: [`arn:${partition}:s3:::${labelBucket}/labels/${project}/${stack}/*`] }],
  },
  taskLogs: {
    why: "The logs of the stack's own tasks.",
    grants: (place) => [{ resources: taskLogGroups(place) }],
  },
  stateKey: {
    why: "The key of the state's secrets and of its bucket.",
    grants: ({ stateKeyArn }) => (stateKeyArn === undefined ? [] : [{ resources: [stateKeyArn] }]),
  },
} as const satisfies Readonly<Record<string, Scope>>;
