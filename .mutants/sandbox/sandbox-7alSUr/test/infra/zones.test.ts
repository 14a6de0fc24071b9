import { expect, test } from "vitest";
import { previousOf } from "../../contract/transition/previous.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { chosenZones } from "../../contract/config/zones.ts";
import { ID, PROJECT } from "../support/project.ts";
import {
  changesBetween,
  find,
  keysOf,
  NEVER_DEPLOYED,
  rawConfig,
  runProgram,
} from "../support/pulumi-mocks.ts";
import { ONE_SLOT as firstRelease, TYPE } from "./configs.ts";

const VPC = `${TYPE.vpc}::network`;
const STASH = "pulumi:index:Stash::zones";
const ASKED = "aws:index/getAvailabilityZones:getAvailabilityZones";

const withNetwork = (network: Readonly<Record<string, unknown>>) => ({ ...firstRelease, network });

/** Outputs of a stack that was deployed with this configuration, in these zones. */
function deployedIn(zones: readonly string[] | undefined, written = firstRelease) {
  const parsed = parseConfig(rawConfig(written));
  if (!parsed.ok) throw new Error("It is not in order.");
  const { slots: _, network, ...outputs } = previousOf(parsed.config);
  const memory = { ...network, ...(zones && { zoneNames: JSON.stringify(zones) }) };
  const slots = { blue: {}, green: {} };
  return { ...outputs, names: { project: PROJECT, stack: "dev", id: ID }, slots, network: memory };
}

test("a new stack chooses its zones once, and remembers them in its outputs and, should the update fail, in its state", async () => {
  const run = await runProgram(firstRelease, "dev", NEVER_DEPLOYED);
  const zones = ["us-east-1a", "us-east-1b"];
  expect(run.calls).toContain(ASKED);
  expect(find(run, VPC).inputs).toMatchObject({ availabilityZoneNames: zones });
  expect(find(run, VPC).inputs).not.toHaveProperty("numberOfAvailabilityZones");
  expect(find(run, STASH).inputs).toEqual({ input: zones });
  expect(run.outputs).toMatchObject({ network: { zones: "2", zoneNames: JSON.stringify(zones) } });
});

test("every later update has the zones of the first one, whatever AWS lists by then, and asks nobody", async () => {
  const zones = ["us-east-1c", "us-east-1f"];
  const run = await runProgram(firstRelease, "dev", deployedIn(zones));
  expect(find(run, VPC).inputs).toMatchObject({ availabilityZoneNames: zones });
  expect(run.calls).not.toContain(ASKED);
  const again = await runProgram(firstRelease, "dev", run.outputs);
  expect(Object.keys(changesBetween(run, again))).not.toContain(VPC);
  expect(Object.keys(changesBetween(run, again))).not.toContain(STASH);
});

test("a stack of an earlier version keeps its VPC's inputs, so that its subnets and the next change of weights stay what they are", async () => {
  const run = await runProgram(firstRelease, "dev", deployedIn(undefined));
  expect(find(run, VPC).inputs).toMatchObject({ numberOfAvailabilityZones: 2 });
  expect(keysOf(run)).not.toContain(STASH);
  expect(run.calls).not.toContain(ASKED);
  const after = run.outputs;
  expect(after).toMatchObject({ network: { zones: "2" } });
  expect(after).not.toHaveProperty("network.zoneNames");
});

test("zones that a person names go before every choice, and need no network.zones", async () => {
  const zoneNames = ["us-east-1b", "us-east-1d", "us-east-1f"];
  const run = await runProgram(withNetwork({ zoneNames }), "dev", NEVER_DEPLOYED);
  expect(find(run, VPC).inputs).toMatchObject({ availabilityZoneNames: zoneNames });
  expect(run.calls).not.toContain(ASKED);
  expect(run.outputs).toMatchObject({ network: { zones: "3", zoneNames: JSON.stringify(zoneNames) } });
});

test("more zones than the region has are refused, with those that there are", async () => {
  await expect(runProgram(withNetwork({ zones: 4 }), "dev", NEVER_DEPLOYED)).rejects.toThrow(
    /network\.zones is 4; allowed: at most 3: .*us-east-1a, us-east-1b, us-east-1c.*Fix it: pulumi config set --path network\.zones 3/,
  );
});

test("a stack without users that asks for one zone more keeps the ones that it has", () => {
  const there = ["a", "b", "c"].map((letter) => ({ name: `eu-west-1${letter}`, id: `euw1-az${letter}` }));
  expect(chosenZones(["eu-west-1c"], 2, there)).toEqual(["eu-west-1c", "eu-west-1a"]);
});

test("where Fargate is not in every zone, the others are not chosen", () => {
  const there = [
    { name: "ap-northeast-1a", id: "apne1-az4" },
    { name: "ap-northeast-1b", id: "apne1-az3" },
    { name: "ap-northeast-1c", id: "apne1-az1" },
  ];
  expect(chosenZones([], 2, there)).toEqual(["ap-northeast-1a", "ap-northeast-1c"]);
});
