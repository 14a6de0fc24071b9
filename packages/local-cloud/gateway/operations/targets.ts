import { BlockList } from "node:net";
import type {
  DeregisterTargetsInput,
  DescribeTargetHealthInput,
  RegisterTargetsInput,
  TargetDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { find } from "../model.ts";
import type { TargetGroupRecord } from "../model.ts";
import type { TargetHealthReport } from "../target-group.ts";
import type { TargetAddress } from "../target.ts";
import type { Control } from "./control.ts";
import { integerIn, operation, refuseOthers, requireText, validationError } from "./input.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");

export function targetOperations({ model, targets }: Control): Operations {
  return {
    RegisterTargets: operation<RegisterTargetsInput>(
      "RegisterTargets",
      ["TargetGroupArn", "Targets"],
      (input) => {
        const group = find(model, "targetGroups", input.TargetGroupArn);
        const addresses = addressesOf(group, input.Targets);
        if (addresses.length === 0) throw validationError("At least one target must be specified");
        for (const address of addresses) targets(group.arn).register(address);
        return {};
      },
    ),
    DeregisterTargets: operation<DeregisterTargetsInput>(
      "DeregisterTargets",
      ["TargetGroupArn", "Targets"],
      (input) => {
        const group = find(model, "targetGroups", input.TargetGroupArn);
        // The call answers at once; DescribeTargetHealth shows `draining` until the target is gone.
        for (const address of addressesOf(group, input.Targets)) void targets(group.arn).deregister(address);
        return {};
      },
    ),
    DescribeTargetHealth: operation<DescribeTargetHealthInput>(
      "DescribeTargetHealth",
      ["TargetGroupArn", "Targets"],
      (input) => {
        const group = find(model, "targetGroups", input.TargetGroupArn);
        const asked = addressesOf(group, input.Targets);
        const reports =
          asked.length === 0
            ? targets(group.arn).report()
            : asked.map((address) => targets(group.arn).reportOf(address));
        return { TargetHealthDescriptions: reports.map((report) => describe(group, report)) };
      },
    ),
  };
}

function addressesOf(
  group: TargetGroupRecord,
  descriptions: readonly TargetDescription[] | undefined,
): TargetAddress[] {
  return (descriptions ?? []).map((description) => {
    refuseOthers("target member", description, new Set(["Id", "Port", "AvailabilityZone"]));
    const host = requireText("Target Id", description.Id);
    // The local cloud sends nothing off this machine.
    if (!loopback.check(host))
      throw new AwsError("InvalidTarget", `The local cloud's targets are on 127.0.0.0/8, '${host}' is not`);
    return { host, port: integerIn("Target port", description.Port, 1, 65_535, group.port) };
  });
}

function describe(
  group: TargetGroupRecord,
  { address, zone, state, reason, description }: TargetHealthReport,
) {
  const { port } = group.healthCheck;
  return {
    Target: {
      Id: address.host,
      Port: address.port,
      ...(zone === undefined ? {} : { AvailabilityZone: zone }),
    },
    HealthCheckPort: port === "traffic-port" ? String(address.port) : port,
    TargetHealth: {
      State: state,
      ...(reason === undefined ? {} : { Reason: reason }),
      ...(description === undefined ? {} : { Description: description }),
    },
  };
}
