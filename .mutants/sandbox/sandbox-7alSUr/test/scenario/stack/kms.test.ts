import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPlace } from "../../../cli/local/place.ts";
import { findCli } from "../../../cli/pulumi-cli.ts";
import { startKms, type Kms } from "../../support/kms.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
const KEY = "awskms://alias/key?region=us-east-1";
const cli = await findCli(localPlace().root, process.env);
const why = cli === undefined ? " (skipped: no `pulumi` on PATH)" : `, ${cli.version}`;

describe.skipIf(cli === undefined)(
  `given a stack of the Pulumi CLI whose secrets a key of KMS opens${why}`,
  () => {
    let world: World;
    let kms: Kms;
    let home = "";
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), "bluegreen-kms-"));
      kms = await startKms();
      const credentials = join(home, "credentials");
      await writeFile(credentials, "[default]\naws_access_key_id = a\naws_secret_access_key = b\n");
      process.env["BLUEGREEN_ENGINE"] = "cli";
      process.env["AWS_ENDPOINT_URL_KMS"] = kms.url;
      process.env["AWS_SHARED_CREDENTIALS_FILE"] = credentials;
      world = await aStack({ speed: 60, blue: { image: "digits:1", modelVersion: "1" } });
    }, LONG);
    afterAll(async () => {
      await world?.close();
      await kms?.close();
      await rm(home, { recursive: true, force: true });
    }, LONG);

    it(
      "a change from the passphrase is said to need an update, before which the history stays closed",
      async () => {
        await world.pulumi("stack", "change-secrets-provider", "--stack", "local", KEY);
        const { error } = await world.deploy("digits:2", "2");
        expect(error).toMatchObject({ code: "BG315", message: expect.stringContaining("testToken") });
        await world.pulumi("up", "--yes", "--skip-preview");
      },
      LONG,
    );

    it(
      "nobody needs a passphrase, and the tools leave the key in the stack's file",
      async () => {
        expect(await world.deploy("digits:2", "2")).toMatchObject({ exitCode: 0 });
        expect(await readFile(join(world.place.directory, "Pulumi.local.yaml"), "utf8")).toMatch(
          /secretsprovider: '?awskms:[^]*encryptedkey: /,
        );
        expect(new Set(kms.asked)).toEqual(new Set(["Encrypt", "Decrypt"]));
      },
      LONG,
    );

    it(
      "while KMS is down a revert moves all traffic back at once, and what Pulumi knows follows with the next step",
      async () => {
        await world.pulumi("config", "set", "greenWeight", "25");
        await world.pulumi("up", "--yes", "--skip-preview");
        kms.setDown(true);
        const reverted = await world.revert();
        expect(reverted).toMatchObject({ exitCode: 20, sentence: expect.stringContaining("state pending") });
        kms.setDown(false);
        // Not before: reading the stack's own history takes its secrets.
        expect(await world.see.standing()).toMatchObject({
          live: { blue: 100, green: 0 },
          shifted: { blue: 0, green: 25 },
        });
        await world.run("step");
        expect(await world.see.standing()).toMatchObject({
          live: { blue: 100, green: 0 },
          shifted: { blue: 0, green: 0 },
        });
      },
      LONG,
    );
  },
);
