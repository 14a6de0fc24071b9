import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PROJECT } from "../support/project.ts";
import { writeEndpoint } from "../../cli/local/endpoint.ts";
import { sdkTarget } from "../../cli/flow.ts";
import { proofOf } from "../../packages/local-cloud/aws-api/door.ts";
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

/** Something that answers as the local cloud of this directory; the returned function stops it. */
async function answeringCloud(directory: string): Promise<() => void> {
  const server = createServer((req, res) => {
    const asked = new URL(req.url ?? "/", "http://127.0.0.1");
    res.end(JSON.stringify(proofOf(TEST_KEYS, asked)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const engine = { kind: "embedded" } as const;
  await writeEndpoint({ root, directory }, { ...TEST_KEYS, url, region: "r", speed: 1, pid: 1, engine });
  return () => void server.close();
}

const regionOf = async (stack: string, environment: NodeJS.ProcessEnv) => {
  const target = await stackTarget(stack, "reads", { root, directory: join(root, ".local") }, environment);
  return target.kind === "aws" ? target.region : "local";
};

describe("The stack that a verb writes to when none is named", () => {
  test("is the local one, unless the shell hints at another; an empty variable is no hint", async () => {
    const place = { root, directory: join(root, ".local") };
    const stop = await answeringCloud(place.directory);
    try {
      const write = (environment: NodeJS.ProcessEnv) => stackTarget(undefined, "writes", place, environment);
      expect(await write({ AWS_PROFILE: "" })).toMatchObject({ kind: "local" });
      // As `eval "$(npx bluegreen local env)"` leaves it.
      expect(await write({ AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId })).toMatchObject({ kind: "local" });
      await expect(write({ AWS_ACCESS_KEY_ID: "AKIAOTHER" })).rejects.toMatchObject({ code: "BG153" });
      await expect(write({ AWS_PROFILE: "prod" })).rejects.toMatchObject({ code: "BG153" });
    } finally {
      stop();
    }
  });
});

test("The generated project of the local stack is named when it is broken, with what writes it anew", async () => {
  const place = { root, directory: join(root, ".local") };
  const stop = await answeringCloud(place.directory);
  try {
    const path = join(place.directory, "Pulumi.yaml");
    await writeFile(path, 'name: "sho');
    const found = stackTarget(undefined, "reads", place, {});
    await expect(found).rejects.toMatchObject({ code: "BG251" });
    await expect(found).rejects.toThrow(`${path} is broken (`);
    await expect(found).rejects.toThrow("start it anew with npx bluegreen local");
  } finally {
    stop();
  }
});

describe("The stacks on the local cloud", () => {
  const directory = () => join(root, ".local");
  beforeEach(async () => {
    await mkdir(join(directory(), "pulumi", "stacks"), { recursive: true });
    for (const name of ["local", "prod"])
      await writeFile(join(directory(), "pulumi", "stacks", `${name}.json`), "{}");
    const cli = join(directory(), "backend", ".pulumi", "stacks", PROJECT);
    await mkdir(cli, { recursive: true });
    for (const file of ["team.json", "team.json.bak"]) await writeFile(join(cli, file), "{}");
  });
  const target = (name: string) => stackTarget(name, "writes", { root, directory: directory() }, {});

  test.each(["prod", "local:prod", "team", "local:team"])("are found by their name: %s", async (name) => {
    const stop = await answeringCloud(directory());
    try {
      expect(await target(name)).toMatchObject({ kind: "local", stack: name.replace("local:", "") });
    } finally {
      stop();
    }
  });

  test("are not taken for stacks on AWS when their cloud does not run", async () => {
    await expect(target("prod")).rejects.toMatchObject({ code: "BG152" });
  });

  test("are listed when there is none of the name", async () => {
    await expect(target("local:dev")).rejects.toMatchObject({ code: "BG254" });
    await expect(target("local:dev")).rejects.toThrow("It is dev; there are local, prod, team.");
    await expect(target("nope")).rejects.toThrow("one for dev, local, local:prod, local:team");
  });

  test("give way to nobody of the same name on AWS: which one is meant must be said", async () => {
    await writeFile(join(root, "Pulumi.prod.yaml"), "config:\n  aws:region: eu-west-1\n");
    await expect(target("prod")).rejects.toMatchObject({ code: "BG153" });
    await expect(target("prod")).rejects.toThrow("local:prod or aws:prod?");
    expect(await target("aws:prod")).toMatchObject({ kind: "aws", stack: "prod", region: "eu-west-1" });
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
