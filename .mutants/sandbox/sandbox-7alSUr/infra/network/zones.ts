import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../../contract/checks/problem.ts";
import type { RememberedZones } from "../../contract/transition/remembered-zones.ts";
import { chosenZones } from "../../contract/config/zones.ts";
import type { LastingConfig } from "../config.ts";
import type { Home } from "../component/place.ts";
import { firstValue } from "../names.ts";

/**
 * The zones of the stack's own VPC, chosen once: a list that is read at every update has Local Zones in it that somebody
 * opts into, and the first of them would be others. `network.zoneNames` goes before. undefined: the VPC is not its own,
 * or an earlier version made it, whose choice stays with awsx until a person names the zones: other inputs of the VPC
 * would make the next change of weights one of more than the route.
 * @throws pulumi.RunError when the region has too few.
 */
export async function stackZones(
  home: Home,
  { network }: LastingConfig,
  remembered: RememberedZones,
): Promise<readonly string[] | undefined> {
  const { vpcId, zones: count, zoneNames } = network;
  if (vpcId !== undefined || (zoneNames.length === 0 && remembered === "awsx")) return undefined;
  const had = remembered === "awsx" ? [] : remembered;
  const isSaid = zoneNames.length > 0;
  const chosen = isSaid
    ? zoneNames
    : had.length < count
      ? await choose(home, had, count)
      : had.slice(0, count);
  const { output } = new pulumi.Stash(home.name("zones"), { input: [...chosen] }, home.options("zones"));
  if (isSaid || had.length > 0) return chosen;
  // As with the names: an update that failed half way goes on with the zones that it had begun with.
  const begun = await firstValue(output);
  return Array.isArray(begun) && begun.length === count ? begun.map(String) : chosen;
}

async function choose(home: Home, remembered: readonly string[], count: number): Promise<readonly string[]> {
  // EC2, DescribeAvailabilityZones: a zone that needs no opt-in is an Availability Zone, others are Local Zones and
  // Wavelength Zones (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html).
  const { names, zoneIds } = await aws.getAvailabilityZones(
    { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
    home.asking,
  );
  const there = names.map((name, index) => ({ name, id: zoneIds[index] ?? "" }));
  const chosen = chosenZones(remembered, count, there);
  if (chosen.length === count) return chosen;
  const allowed = `at most ${chosen.length}: this region has no more Availability Zones with Fargate that this account may use (${chosen.join(", ")})`;
  const fix = `pulumi config set --path network.zones ${chosen.length}`;
  throw new pulumi.RunError(showProblems([problem("network.zones", count, allowed, fix)]));
}
