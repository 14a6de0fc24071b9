import type { Properties } from "../../pulumi-engine/values/provider.ts";
import type { ResourceType } from "./resource-type.ts";

/** Where resources are recorded. */
export interface AccountRegion {
  readonly region: string;
  readonly accountId: string;
}

export interface Made extends AccountRegion {
  /** 17 hexadecimal digits, as in the ids of EC2. */
  readonly hex: string;
  readonly inputs: Properties;
  /** An ARN in this region and account; `region: ""` for global services. */
  arn(service: string, resource: string, region?: string): string;
}

/** What is known of a type that is recorded, not simulated. */
export interface RecordedType {
  readonly named?: ResourceType["named"];
  readonly replacedBy?: readonly string[];
  /** Defaults and computed properties. */
  outputs(made: Made): { readonly id: string } & Properties;
}
