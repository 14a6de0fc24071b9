import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_KEYS } from "../support/local-keys.ts";
import {
  cloudDirectory,
  type CloudDirectory,
} from "../../packages/local-cloud/test/support/cloud-directory.ts";
import { differences, play, sideAt, type Side, type SharedCall } from "./support/two-clouds.ts";
import { ECS_CALLS } from "./support/ecs-calls.ts";
import { ELB_CALLS } from "./support/elb-calls.ts";
import { KNOWN_OF_CLOUDWATCH, KNOWN_OF_ECS, KNOWN_OF_ELB, unknownOf } from "./support/known.ts";
import { REGION, startMoto, WITHOUT_THIS_MOTO, type Moto } from "./support/moto.ts";
import { WATCH_CALLS } from "./support/watch-calls.ts";
import { accepted, elements, query } from "./support/raw.ts";

describe.skipIf(WITHOUT_THIS_MOTO !== "")(`the local cloud beside moto${WITHOUT_THIS_MOTO}`, () => {
  let directory: CloudDirectory;
  let moto: Moto;
  let local: Side;
  let theirs: Side;

  beforeAll(async () => {
    [directory, moto] = await Promise.all([cloudDirectory(), startMoto()]);
    const cloud = await directory.start({ speed: 1 });
    const { accessKeyId, secretAccessKey } = TEST_KEYS;
    const describeAll = (Action: string) => accepted(query(moto, "ec2", { Action, Version: "2016-11-15" }));
    const subnets = await describeAll("DescribeSubnets");
    const network = {
      subnets: elements(subnets, "subnetId").slice(0, 2),
      vpcId: elements(subnets, "vpcId")[0] ?? "",
      securityGroup: elements(await describeAll("DescribeSecurityGroups"), "groupId")[0] ?? "",
    };
    theirs = sideAt(moto.client, network);
    const credentials = { accessKeyId, secretAccessKey };
    local = sideAt({ region: REGION, endpoint: cloud.url, credentials }, network);
  });
  afterAll(async () => {
    moto?.stop();
    await directory?.dispose();
  });

  const compare = async (steps: readonly SharedCall[]) =>
    differences(await play(local, steps), await play(theirs, steps));

  it("Elastic Load Balancing answers alike, but for what is known", async () => {
    expect(unknownOf(await compare(ELB_CALLS), KNOWN_OF_ELB)).toEqual([]);
  });
  it("ECS and its scaling answer alike, but for what is known", async () => {
    expect(unknownOf(await compare(ECS_CALLS), KNOWN_OF_ECS)).toEqual([]);
  });
  it("CloudWatch answers alike, but for what is known", async () => {
    expect(unknownOf(await compare(WATCH_CALLS), KNOWN_OF_CLOUDWATCH)).toEqual([]);
  });
});
