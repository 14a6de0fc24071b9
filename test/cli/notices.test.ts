import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { SNSClient } from "@aws-sdk/client-sns";
import { telling } from "../../cli/notify.ts";
import {
  headline,
  NOTIFICATION_KINDS,
  topicMessage,
  webhookMessage,
  type Notification,
} from "../../contract/release/notification.ts";
import { notify, PartlyToldError } from "../../watchdog/notify.ts";
import { promoteNow } from "../../validation/steering/promote.ts";
import { revert } from "../../validation/rollback/revert.ts";
import { rollout } from "../../validation/rollout/rollout.ts";
import { worldWithCohort } from "../validation/support/cohort-world.ts";
import { candidateReady, sharing } from "../validation/support/samples.ts";
import { World } from "../validation/support/world.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

const TARGET = { region: "us-east-1", endpoint: undefined, credentials: undefined };

/** Runs a flow as the command line does, with everybody who is to be told. */
function audience(world: World) {
  const sent: Notification[] = [];
  const context = world.context();
  const told = telling("prod", context.reporter, context.store, TARGET, async (_audience, notification) => {
    sent.push(notification);
  });
  return { sent, told, context: { ...context, reporter: told.reporter } };
}
const NUMBERS = /is [\d.]+, at most [\d.]+ allowed/;

describe("people are told", () => {
  test("of the start, of each step and of the promotion, each with the numbers that it was decided by", async () => {
    const { sent, told, context } = audience(new World(candidateReady()));
    await told.conclude(await rollout(context, { pollMs: 5_000, skipTests: true }));
    const kinds = sent.map(({ kind }) => kind);
    expect(kinds[0]).toBe("started");
    expect(kinds.at(-1)).toBe("promoted");
    expect(kinds.slice(1, -1).every((kind) => kind === "step")).toBe(true);
    expect(kinds.length).toBeGreaterThan(3);
    for (const { reason } of sent.slice(1)) expect(reason).toMatch(NUMBERS);
    for (const { model } of sent) expect(model).toMatchObject({ digest: expect.stringMatching(/^sha256:/) });
  });

  test("of a candidate that fails its cohort: the start, and the rollback, although no user had to be moved", async () => {
    const world = worldWithCohort();
    world.failureRate.green = 1;
    const { sent, told, context } = audience(world);
    await told.conclude(await rollout(context, { pollMs: 30_000 }));
    expect(sent.map(({ kind }) => kind)).toEqual(["started", "rolledBack"]);
    expect(sent[1]?.reason).toContain("error-rate of cohort internal is 100 %");
  });

  test("of a rollback, once, with what was measured and what is allowed", async () => {
    const world = new World(sharing(50));
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() + 1 };
    const { sent, told, context } = audience(world);
    await told.conclude(await rollout(context, { pollMs: 5_000 }));
    expect(sent.map(({ kind }) => kind)).toEqual(["rolledBack"]);
    expect(sent[0]?.reason).toMatch(/error-rate.*allowed is at most 0\.05/);
    const again = audience(world);
    await again.told.conclude(await rollout(again.context, { pollMs: 5_000 }));
    expect(again.sent).toEqual([]);
  });

  test("of a promotion at once as a promotion, whatever the schedule would have said, with who and why", async () => {
    for (const minutes of [2, 6]) {
      const world = new World(sharing(10));
      world.clock.advance(minutes * 60_000);
      const { sent, told, context } = audience(world);
      await told.conclude(await promoteNow(context, { reason: "in a hurry", withoutEvidence: true }));
      expect(sent.map(({ kind }) => kind)).toEqual(["promoted"]);
      expect(sent[0]?.reason).toMatch(/^promoted at once from 10 % by tester@host.*: in a hurry$/);
    }
  });

  test("of a revert manually, and that a release needs manual action", async () => {
    const options = { routeArn: undefined, to: undefined, reason: "manually", startedWallMs: 0, wait: false };
    const reverted = audience(new World(sharing(50)));
    await reverted.told.conclude(await revert(reverted.context, options));
    expect(reverted.sent.map(({ kind }) => kind)).toEqual(["rolledBack"]);
    const world = new World(sharing(50));
    world.setLive(70);
    const drifted = audience(world);
    await drifted.told.conclude(await rollout(drifted.context, { pollMs: 5_000 }));
    expect(drifted.sent.map(({ kind }) => kind)).toEqual(["needsPerson"]);
  });

  test("or not: a message that cannot be sent is said and changes nothing", async () => {
    const world = new World(sharing(50));
    const context = world.context();
    const told = telling("prod", context.reporter, context.store, TARGET, () =>
      Promise.reject(new Error("no network")),
    );
    const options = { routeArn: undefined, to: undefined, reason: "manually", startedWallMs: 0, wait: false };
    const outcome = await revert({ ...context, reporter: told.reporter }, options);
    await told.conclude(outcome);
    expect(outcome.exitCode).toBe(0);
    expect(world.events).toContainEqual({ kind: "note", message: "nobody could be told: no network" });
  });
});

describe("a message", () => {
  const of = (kind: Notification["kind"]): Notification => ({
    kind,
    stack: "prod",
    releaseId: "v3-g9",
    reason: "error-rate is 0.2 <allowed: 0.05> & more",
  });

  test("has a headline for each kind", () => {
    const lines = NOTIFICATION_KINDS.map((kind) => headline(of(kind)));
    expect(new Set(lines).size).toBe(NOTIFICATION_KINDS.length);
    expect(headline({ ...of("watchdog"), releaseId: undefined })).toBe(
      "prod: traffic share shifted manually rolled back by the watchdog",
    );
  });

  test("says the model's version, image and digest, each apart, where the release is known", () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const model = { modelVersion: "1.0", image: `team/digits@${digest}`, digest };
    const line = `Model: version 1.0, image team/digits, digest ${digest}`;
    expect(topicMessage({ ...of("promoted"), model }).Message.split("\n")).toContain(line);
    expect(JSON.parse(webhookMessage({ ...of("promoted"), model })).text.split("\n")).toContain(line);
  });

  test("says the way back for this stack and model as it is typed, and where the run is to be seen", () => {
    const link = "https://github.com/team/fraud/actions/runs/7";
    for (const [stack, typed] of [
      ["fraud/prod", "--stack prod"],
      ["fraud/prod/ranking", "--stack prod --model ranking"],
    ] as const)
      for (const kind of NOTIFICATION_KINDS) {
        const lines = topicMessage({ ...of(kind), stack, link }).Message.split("\n");
        const commands = lines.filter((line) => line.includes("npx bluegreen"));
        expect(commands.length).toBeGreaterThan(0);
        for (const line of commands) expect(line).toContain(typed);
        expect(lines).toContain(`Run and report: ${link}`);
      }
    const back = topicMessage({ ...of("promoted"), stack: "fraud/prod" }).Message;
    expect(back).toContain("Way back: npx bluegreen revert --stack prod");
  });

  test("fits what SNS and Slack take", () => {
    const long = topicMessage({ ...of("step"), stack: "é".repeat(200) });
    expect(long.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(JSON.parse(webhookMessage(of("rolledBack")))).toEqual({
      text: [
        "*prod: v3-g9 rolled back*",
        "error-rate is 0.2 &lt;allowed: 0.05&gt; &amp; more",
        "Nothing in a hurry: all traffic is back. Logs: npx bluegreen logs --stack prod &lt;slot&gt;",
        "Where it stands: npx bluegreen status --stack prod",
      ].join("\n"),
    });
  });

  test("reaches topic and webhook over the wire, also when one of them fails", async () => {
    const got: { readonly path: string; readonly body: string }[] = [];
    const server = createServer(async (request, response) => {
      got.push({ path: request.url ?? "", body: await text(request) });
      if (request.url === "/broken") response.writeHead(500).end();
      else
        response.end(
          "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
        );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // A listening TCP server has a socket address.
    const { port } = server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const credentials = TEST_KEYS;
    const sns = async () => new SNSClient({ region: "us-east-1", endpoint, credentials });
    try {
      const topicArn = "arn:aws:sns:us-east-1:000000000000:releases";
      await notify({ topicArn, url: `${endpoint}/hook` }, sns, of("promoted"));
      expect(got.find(({ path }) => path === "/hook")?.body).toBe(webhookMessage(of("promoted")));
      expect(got.find(({ path }) => path === "/")?.body).toContain("prod%3A%20v3-g9%20promoted");
      await expect(notify({ topicArn, url: `${endpoint}/broken` }, sns, of("step"))).rejects.toThrow(
        /^the webhook answered 500$|Error: the webhook answered 500$/,
      );
      expect(got.filter(({ path }) => path === "/").length).toBe(2);
      // Whether somebody was told decides whether the watchdog tells again.
      const told = (topic: string | undefined) =>
        notify({ topicArn: topic, url: `${endpoint}/broken` }, sns, of("step")).catch(
          (error: unknown) => error,
        );
      expect(await told(topicArn)).toBeInstanceOf(PartlyToldError);
      expect(await told(undefined)).not.toBeInstanceOf(PartlyToldError);
      await notify({ topicArn: undefined, url: undefined }, sns, of("step"));
      expect(got.length).toBe(7);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
