import type { JsonService } from "./json-protocol.ts";
import type { Operations } from "./operations.ts";

/** CloudWatch as current SDKs, boto3 and the AWS CLI speak to it (AWS JSON 1.0, query compatible). */
export function cloudWatch(operations: Operations): JsonService {
  return {
    service: "cloudwatch",
    targetPrefix: "GraniteServiceVersion20100801",
    jsonVersion: "1.0",
    operations,
    // The service model's `error.code` of each exception shape; the others keep the shape's own name.
    queryErrorCodes: {
      // Not in the model: what every service of the query protocol says (CloudWatch API, Common Errors).
      AccessDeniedException: "AccessDenied",
      ThrottlingException: "Throttling",
      DashboardInvalidInputError: "InvalidParameterInput",
      DashboardNotFoundError: "ResourceNotFound",
      InternalServiceFault: "InternalServiceError",
      InvalidFormatFault: "InvalidFormat",
      InvalidParameterCombinationException: "InvalidParameterCombination",
      InvalidParameterValueException: "InvalidParameterValue",
      LimitExceededFault: "LimitExceeded",
      MissingRequiredParameterException: "MissingParameter",
      // Not in the model; what boto3 shows when AWS itself refuses, e.g. cloud-custodian/cloud-custodian#7763.
      ValidationException: "ValidationError",
    },
  };
}
