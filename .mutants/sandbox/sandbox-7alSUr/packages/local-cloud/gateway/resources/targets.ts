import { BlockList } from "node:net";
import type { TargetDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import type { TargetGroupRecord } from "../model.ts";
import type { TargetAddress } from "../target.ts";
import { integerIn, refuseOthers, requireText } from "./input.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");

/** The targets that a request names. Throws the service's errors. */
export function addressesOf(
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
