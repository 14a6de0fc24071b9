import { arnOf } from "../arn.ts";
import { onMember } from "./requires.ts";

/** CloudWatch Logs, "Overview of managing access permissions": the ARN of a log group ends in `:*` for IAM. */
export const onLogGroup = onMember("logGroupName", ({ region }, group) =>
  arnOf("logs", region, `log-group:${group}:*`),
);
