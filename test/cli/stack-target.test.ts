import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PROJECT } from "../support/project.ts";
import { writeEndpoint } from "../../cli/local/place.ts";
import { sdkTarget } from "../../cli/flow.ts";
import { proofOf } from "../../local/aws-api/door.ts";
import { TEST_KEYS } from "../support/local-keys.ts";
import { stackTarget } from "../../cli/stack-target.ts";
import { clientConfig } from "../../validation/adapters/target.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "stack-target-"));
  await writeFile(join(root, "Pulumi.yaml"), `name: ${PROJECT}\n`);
  await writeFile(join(root, "Pulumi.dev.yaml"), "config:\n  aws:region: eu-west-1\n");
});
afterEach(() => rm(root, { recursive: true }));

const regionOf = async (stack: string, environment: NodeJS.ProcessEnv) => {
  const target = await stackTarget(stack, "reads", { root, directory: join(root, ".local") }, environment);
  return target.kind === "aws" ? target.region : "local";
};

describe("The stack that a verb writes to when none is named", () => {
  test("is the local one, unless the shell hints at another; an empty variable is no hint", async () => {
    const server = createServer((req, res) => {
      const asked = new URL(req.url ?? "/", "http://127.0.0.1");
      res.end(JSON.stringify(proofOf(TEST_KEYS, asked)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      // A listening TCP server has a socket address.
      const { port } = server.address() as AddressInfo;
      const place = { root, directory: join(root, ".local") };
      const url = `http://127.0.0.1:${port}`;
      await writeEndpoint(place, {
        ...TEST_KEYS,
        url,
        region: "r",
        speed: 1,
        pid: 1,
        engine: { kind: "embedded" },
      });
      const write = (environment: NodeJS.ProcessEnv) => stackTarget(undefined, "writes", place, environment);
      expect(await write({ AWS_PROFILE: "" })).toMatchObject({ kind: "local" });
      // As `eval "$(npx bluegreen local env)"` leaves it.
      expect(await write({ AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId })).toMatchObject({ kind: "local" });
      await expect(write({ AWS_ACCESS_KEY_ID: "AKIAOTHER" })).rejects.toMatchObject({ code: "BG153" });
      await expect(write({ AWS_PROFILE: "prod" })).rejects.toMatchObject({ code: "BG153" });
    } finally {
      server.close();
    }
  });
});

describe("The region of a stack on AWS", () => {
  test("is that of the stack file, as for Pulumi's provider, and only else that of the environment", async () => {
    expect(await regionOf("dev", { AWS_REGION: "us-east-2" })).toBe("eu-west-1");
    expect(await regionOf("other", { AWS_REGION: "us-east-2" })).toBe("us-east-2");
  });

  test("is not taken from an empty variable", async () => {
    await expect(regionOf("other", { AWS_REGION: "" })).rejects.toMatchObject({ code: "BG155" });
  });
});

describe("The credentials of a stack on AWS", () => {
  test("are those of the profile that the stack file names to Pulumi's provider", async () => {
    await writeFile(join(root, "Pulumi.team.yaml"), "config: { aws:region: eu-west-1, aws:profile: team }\n");
    const of = async (stack: string) => {
      const target = await stackTarget(stack, "reads", { root, directory: join(root, ".local") }, {});
      return clientConfig(sdkTarget(target));
    };
    expect(await of("team")).toMatchObject({ region: "eu-west-1", profile: "team" });
    expect(await of("dev")).not.toHaveProperty("profile");
  });
});
