import type { Properties } from "../../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "../shape.ts";

export interface SubnetPlan {
  readonly name: string;
  readonly type: string;
  /** From 0. */
  readonly zone: number;
  readonly cidrBlock: string;
  readonly tags: Properties;
}

interface AddressRange {
  readonly base: number;
  readonly mask: number;
}

const DEFAULT_SPECS: readonly Properties[] = [{ type: "Public" }, { type: "Private" }];
const SPEC_ARGS = ["type", "name", "cidrMask", "tags"];

/**
 * The subnets of a VPC as awsx's strategy "Auto" lays them out: each zone gets an equal part (or one of the given
 * mask), and each spec its part of the zone, in the order given. Throws on ranges that do not fit, and on what the
 * stand-in does not lay out.
 */
export function planSubnets(vpcName: string, inputs: Properties, zones: number): readonly SubnetPlan[] {
  const vpc = parseCidr(String(inputs["cidrBlock"] ?? "10.0.0.0/16"));
  const given = members(inputs["subnetSpecs"]).map(asProperties);
  const specs = given.length === 0 ? DEFAULT_SPECS : given;
  for (const name of specs.flatMap(Object.keys))
    if (!SPEC_ARGS.includes(name)) throw new Error(`a subnet spec on the local cloud does not take ${name}`);
  const zoneMask = Number(inputs["availabilityZoneCidrMask"] ?? vpc.mask + bitsFor(zones));
  return Array.from({ length: zones }, (_, zone) => {
    const range = partOf(vpc, zone * sizeOf(zoneMask), zoneMask);
    return planZone(vpcName, specs, range, zone);
  }).flat();
}

function planZone(
  vpcName: string,
  specs: readonly Properties[],
  range: AddressRange,
  zone: number,
): SubnetPlan[] {
  const plans: SubnetPlan[] = [];
  let used = 0;
  for (const spec of specs) {
    const mask = Number(spec["cidrMask"] ?? range.mask + bitsFor(specs.length));
    const size = sizeOf(mask);
    // A subnet begins at a multiple of its own size.
    const offset = Math.ceil(used / size) * size;
    const part = partOf(range, offset, mask);
    used = offset + size;
    const type = String(spec["type"]);
    if (type === "Unused") continue;
    const label = String(spec["name"] ?? type.toLowerCase());
    plans.push({
      name: `${vpcName}-${label}-${zone + 1}`,
      type,
      zone,
      cidrBlock: showCidr(part),
      tags: asProperties(spec["tags"]),
    });
  }
  return plans;
}

function partOf(whole: AddressRange, offset: number, mask: number): AddressRange {
  if (mask > 32 || offset + sizeOf(mask) > sizeOf(whole.mask))
    throw new Error(`the subnets do not fit into ${showCidr(whole)}: a /${mask} at offset ${offset}`);
  return { base: whole.base + offset, mask };
}

function bitsFor(parts: number): number {
  return Math.ceil(Math.log2(parts));
}

function sizeOf(mask: number): number {
  return 2 ** (32 - mask);
}

function parseCidr(cidr: string): AddressRange {
  const [address = "", mask = ""] = cidr.split("/");
  const base = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  if (!/^\d+(\.\d+){3}\/\d+$/.test(cidr) || Number(mask) > 32) throw new Error(`${cidr} is not a CIDR block`);
  return { base, mask: Number(mask) };
}

function showCidr({ base, mask }: AddressRange): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${bytes.join(".")}/${mask}`;
}
