import { chmod, chown, link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openKeys } from "../../cli/local/keys.ts";
import { runningCloud } from "../../cli/local/running-cloud.ts";
import { writeEndpoint } from "../../cli/local/endpoint.ts";
import { localEnv } from "../../cli/actions/local-env.ts";
import { proofOf } from "../../packages/local-cloud/aws-api/door.ts";
import { fiveBytesFlipped } from "../../packages/pulumi-engine/test/support/flipped.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

let root: string;
let directory: string;
let file: string;
const told: string[] = [];
const open = () => openKeys(directory, (line) => told.push(line));
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "local-keys-"));
  directory = join(root, "cloud");
  file = join(directory, "keys.json");
  told.length = 0;
});
afterEach(() => rm(root, { recursive: true }));

describe("the keys of a local cloud", () => {
  it("are made once, for nobody else to read, and are the same after a restart", async () => {
    const first = await open();
    expect(first.accessKeyId).toMatch(/^LOCAL[0-9A-F]{15}$/);
    for (const secret of [first.secretAccessKey, first.token]) expect(secret).toMatch(/^[\w-]{43}$/);
    expect([await modeOf(directory), await modeOf(file)]).toEqual(["700", "600"]);
    expect(await open()).toEqual(first);
    expect(told).toEqual([]);
  });

  it("are others in another directory", async () => {
    const first = await open();
    directory = join(root, "other");
    expect((await open()).token).not.toBe(first.token);
  });

  it.each<[string, () => Promise<void>, string]>([
    ["others could read them", () => chmod(file, 0o640), "has mode 640, not 600"],
    ["they have a second name", () => link(file, join(root, "second")), "has a second name"],
    ["they are cut off", () => writeFile(file, "{"), "is broken"],
    [
      "five bytes of them are others",
      async () => writeFile(file, fiveBytesFlipped(await readFile(file, "utf8"))),
      "is broken",
    ],
    ["they are not whole", () => writeFile(file, JSON.stringify({ ...TEST_KEYS, token: "" })), "is broken"],
    [
      "they are somewhere else",
      async () => {
        await rm(file);
        await writeFile(join(root, "elsewhere"), JSON.stringify(TEST_KEYS), { mode: 0o600 });
        await symlink(join(root, "elsewhere"), file);
      },
      "is not a plain file",
    ],
  ])("are made anew, and that is said, when %s", async (_title, spoil, why) => {
    const first = await open();
    await spoil();
    const second = await open();
    expect([first.token, TEST_KEYS.token]).not.toContain(second.token);
    expect(told).toEqual([`New keys: ${file} ${why}. What was exported before opens nothing any more.`]);
    expect(await modeOf(file)).toBe("600");
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject(second);
  });

  it("stand in a directory that is closed to others, and that is said when it was not", async () => {
    await mkdir(directory, { mode: 0o755 });
    await open();
    expect(await modeOf(directory)).toBe("700");
    expect(told).toEqual([
      `${directory} was open to other users of this machine (mode 755); now it is not (700).`,
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)("are not kept in a directory of another user", async () => {
    await mkdir(directory);
    await chown(directory, 65_534, 65_534);
    await expect(open()).rejects.toMatchObject({
      code: "BG240",
      message: expect.stringContaining("user id 65534"),
    });
  });
});

describe("npx bluegreen local env", () => {
  /** Something that answers at `/clock`, as this cloud or as another program. */
  async function answering(
    keys: { readonly token: string },
    act: (url: string) => Promise<void>,
  ): Promise<void> {
    const server = createServer((request, response) => {
      response.end(
        JSON.stringify(proofOf({ ...TEST_KEYS, ...keys }, new URL(request.url ?? "/", "http://127.0.0.1"))),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // A listening TCP server has a socket address.
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const engine = { kind: "embedded" } as const;
    await writeEndpoint(
      { root, directory: root },
      { ...TEST_KEYS, url, region: "us-east-1", speed: 1, pid: 1, engine },
    );
    await act(url).finally(() => server.close());
  }

  it("prints what the AWS CLI and boto3 need, and takes away what would lead them elsewhere", () =>
    answering(TEST_KEYS, async (url) => {
      expect(await localEnv({ root, directory: root }, false)).toBe(
        [
          `export AWS_ACCESS_KEY_ID='${TEST_KEYS.accessKeyId}'`,
          `export AWS_SECRET_ACCESS_KEY='${TEST_KEYS.secretAccessKey}'`,
          "export AWS_REGION='us-east-1'",
          "export AWS_DEFAULT_REGION='us-east-1'",
          `export AWS_ENDPOINT_URL='${url}'`,
          "unset AWS_SESSION_TOKEN AWS_PROFILE",
          "",
        ].join("\n"),
      );
      expect(JSON.parse(await localEnv({ root, directory: root }, true))).toMatchObject({
        token: TEST_KEYS.token,
        dashboard: `${url}/dashboard?token=${TEST_KEYS.token}`,
        environment: { AWS_ENDPOINT_URL: url },
      });
    }));

  it("knows no cloud where another program answers at its address", () =>
    answering({ token: "of another program" }, async () => {
      expect(await runningCloud({ root, directory: root })).toBeUndefined();
      await expect(localEnv({ root, directory: root }, false)).rejects.toMatchObject({ code: "BG152" });
    }));
});
