import type { JsonService } from "./json-protocol.ts";
import type { Operations } from "./operations.ts";

/** CloudWatch Logs as SDKs and the AWS CLI speak to it (AWS JSON 1.1). */
export function logsService(operations: Operations): JsonService {
  return { service: "logs", targetPrefix: "Logs_20140328", jsonVersion: "1.1", operations };
}
