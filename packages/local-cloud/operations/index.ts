// Generated from the files of this folder: `npm run generate -w packages/local-cloud`.
import type { DefinedOperation } from "../aws-api/define-operation.ts";
import ecsListClusters from "./ecs/list-clusters.ts";
import ecsListTagsForResource from "./ecs/list-tags-for-resource.ts";
import ecsTagResource from "./ecs/tag-resource.ts";
import ecsUntagResource from "./ecs/untag-resource.ts";

export const OPERATIONS: readonly DefinedOperation[] = [
  ecsListClusters,
  ecsListTagsForResource,
  ecsTagResource,
  ecsUntagResource,
];
