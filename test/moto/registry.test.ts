import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sageMakerPackages } from "../../validation/adapters/registries/packages.ts";
import type { SlotMark } from "../../validation/core/slot-marks.ts";
import { definition } from "../../validation/registries/sagemaker.ts";
import { cannotJudge, startMoto, WITHOUT_MOTO, type Moto } from "./support/moto.ts";

const DIGEST = `sha256:${"7".repeat(64)}`;
const WHOSE = "fraud-model/prod";
const mark = (version: string, own: Partial<SlotMark>): SlotMark => ({
  registry: `sagemaker:fraud/${version}`,
  slot: "green",
  role: "candidate",
  release: `v${version}-g4`,
  reason: "",
  evidence: "",
  ...own,
});

describe.skipIf(WITHOUT_MOTO !== "")(`SageMaker's Model Registry, as moto has it${WITHOUT_MOTO}`, () => {
  let moto: Moto;
  let client: SageMakerClient;
  const arns: string[] = [];
  const nobody = async () => Promise.reject(new Error("SageMaker alone is asked"));
  const tools = () => ({
    readFile: nobody,
    variable: () => undefined,
    ask: nobody,
    packages: sageMakerPackages(async () => client),
  });

  beforeAll(async () => {
    moto = await startMoto();
    client = new SageMakerClient(moto.client);
    await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: "fraud" }));
    for (const approval of ["Approved", "Approved", "PendingManualApproval"] as const) {
      const { ModelPackageArn } = await client.send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: "fraud",
          ModelApprovalStatus: approval,
          MetadataProperties: { CommitId: "0123abcd" },
          CustomerMetadataProperties: { owner: "ann", "deploy.protocol": "sagemaker" },
          InferenceSpecification: {
            Containers: [
              {
                Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7",
                ImageDigest: DIGEST,
                ModelDataUrl: "s3://models/fraud/7/model.tar.gz",
              },
            ],
            SupportedContentTypes: ["text/csv"],
            SupportedResponseMIMETypes: ["text/csv"],
          },
        }),
      );
      arns.push(ModelPackageArn ?? "");
    }
  }, 60_000);
  afterAll(() => moto?.stop());
  const propertiesOf = async (version: number) =>
    (await client.send(new DescribeModelPackageCommand({ ModelPackageName: arns[version - 1] ?? "" })))
      .CustomerMetadataProperties;

  it("gives the image of the container by its digest, what the properties say, and where the model data is", async () => {
    expect(await definition.resolve("fraud/1", tools())).toEqual({
      image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7@${DIGEST}`,
      modelVersion: "1",
      registry: "sagemaker:fraud/1",
      servingProtocol: "sagemaker",
      revision: "0123abcd",
      notes: [expect.stringContaining("its model data is s3://models/fraud/7/model.tar.gz")],
    });
  });

  it("refuses a version that nobody has approved, with the command that approves it", async () => {
    const refused = definition.resolve("fraud/3", tools());
    await expect(refused).rejects.toMatchObject({ code: "BG330" });
    await expect(refused).rejects.toThrow(
      `aws sagemaker update-model-package --model-package-arn ${arns[2]} --model-approval-status Approved`,
    );
  });

  it("says which versions there are, and that there is no such group", async () => {
    await expect(definition.resolve("fraud/9", tools())).rejects.toThrow(
      "has no version 9 of fraud; it has 3, 2, 1.",
    );
    await expect(definition.resolve("froud/1", tools())).rejects.toMatchObject({ code: "BG187" });
  });

  it("is told where its versions are, and once more changes nothing", async () => {
    const write = (...marks: readonly SlotMark[]) =>
      definition.writeBack?.({ stack: WHOSE, marks, left: [], past: async () => undefined }, tools());
    const active = mark("1", { slot: "blue", role: "active" });
    const candidate = [active, mark("2", {})];
    expect(await write(...candidate)).toEqual([
      "sagemaker:fraud/2: candidate on green",
      "sagemaker:fraud/1: active on blue",
    ]);
    expect(await write(...candidate)).toEqual([]);
    expect(await propertiesOf(2)).toEqual({
      owner: "ann",
      "deploy.protocol": "sagemaker",
      "deploy.stack": WHOSE,
      "deploy.slot": "green",
      "deploy.role": "candidate",
      "deploy.release": "v2-g4",
    });

    await write(active, mark("2", { role: "rolledBack", reason: "error-rate is 0.3 (30 %), allowed: 0.05" }));
    expect(await propertiesOf(2)).toMatchObject({
      "deploy.role": "rolledBack",
      "deploy.reason": "error-rate is 0.3  30     allowed: 0.05",
    });
    // Another model takes its slot: that it was rolled back stays, and the slot goes.
    await write(active);
    expect(await propertiesOf(2)).not.toHaveProperty("deploy.slot");
    expect(await propertiesOf(2)).toMatchObject({ "deploy.role": "rolledBack", owner: "ann" });
  });

  cannotJudge(
    "whether a version stays approved when an update does not name its approval",
    "5.2.1 takes the approval away; AWS's API reference calls it optional",
  );
  cannotJudge(
    "whether an update adds to CustomerMetadataProperties or replaces them",
    "replaces them; what is sent is whole, and right either way",
  );
  cannotJudge("which characters a property may have", "takes any; the API's reference says which");
});
