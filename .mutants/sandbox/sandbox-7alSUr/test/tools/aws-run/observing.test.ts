import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { textsIn } from "../../../tools/aws-run/aws/raw.ts";
import { byDigest, commandOf } from "../../../tools/aws-run/perform/answering.ts";
import type { Context } from "../../../tools/aws-run/perform/context.ts";
import { actionOf } from "../../../tools/aws-run/perform/rights.ts";
import { watch } from "../../../tools/aws-run/perform/series.ts";
import { freePort } from "../../support/free-port.ts";

const MINUTE = 60_000;
const fromMs = Date.UTC(2026, 10, 29, 14, 0);

describe("a series that is read again and again", () => {
  it("has the lag of a minute's first appearance and the value of its last", async () => {
    let nowMs = fromMs;
    let points: readonly (readonly [minute: number, value: number])[] = [];
    const send = async () => ({
      MetricDataResults: [
        {
          Id: "m0",
          Timestamps: points.map(([minute]) => new Date(fromMs + minute * MINUTE)),
          Values: points.map(([, value]) => value),
        },
      ],
    });
    // As much of a context as a series asks for.
    const context = { clients: { cloudWatch: { send } }, clock: { now: () => nowMs } } as unknown as Context;
    const watched = watch(
      context,
      { requests: { metric: "RequestCount", stat: "Sum", dimensions: {} } },
      fromMs,
    );
    const lookAt = async (seconds: number, there: typeof points) => {
      [nowMs, points] = [fromMs + seconds * 1000, there];
      await watched.look();
    };
    await lookAt(90, []);
    await lookAt(105, [[0, 30]]);
    await lookAt(170, [[0, 40]]);
    await lookAt(300, [
      [1, 7],
      [0, 40],
    ]);
    expect(watched.series("requests")).toEqual([
      { minute: 0, value: 40, lagSeconds: 45 },
      { minute: 1, value: 7, lagSeconds: 180 },
    ]);
  });
});

describe("what AWS answers in", () => {
  it("is read from XML by an element's name, with its entities", () => {
    expect(textsIn("<a><id>x&amp;y</id></a><id>&lt;z&gt;</id><ids>no</ids>", "id")).toEqual(["x&y", "<z>"]);
  });

  it.each([
    ["ec2.amazonaws.com", "DescribeVpcs", "ec2:DescribeVpcs"],
    ["monitoring.amazonaws.com", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"],
    ["lambda.amazonaws.com", "CreateFunction20150331", "lambda:CreateFunction"],
    ["lambda.amazonaws.com", "GetFunction20150331v2", "lambda:GetFunction"],
    ["iam.amazonaws.com.cn", "CreateRole", "iam:CreateRole"],
  ])("is an action of IAM's: %s %s", (eventSource, eventName, action) => {
    expect(actionOf({ eventSource, eventName })).toBe(action);
  });
});

describe("the public images of a run", () => {
  it("are pinned by what their registry says, and others must be pinned already", async () => {
    const asked: string[] = [];
    const registry = async (url: unknown, init?: RequestInit) => {
      asked.push(`${init?.method ?? "GET"} ${String(url)}`);
      return init?.method === "HEAD"
        ? new Response(null, { headers: { "docker-content-digest": "sha256:abc" } })
        : Response.json({ token: "t" });
    };
    expect(await byDigest("public.ecr.aws/docker/library/node:24-alpine", registry)).toBe(
      "public.ecr.aws/docker/library/node@sha256:abc",
    );
    expect(asked).toEqual([
      "GET https://public.ecr.aws/token/?scope=repository:docker/library/node:pull",
      "HEAD https://public.ecr.aws/v2/docker/library/node/manifests/24-alpine",
    ]);
    await expect(byDigest("models/a:1", registry)).rejects.toThrow(/no digest/);
  });

  it("answer with the version that their command says", async () => {
    const [program = "", ...args] = commandOf("public.ecr.aws/docker/library/node:24-alpine", "2") ?? [];
    expect(program).toBe("node");
    const port = await freePort();
    const task = spawn(process.execPath, args, { env: { PORT: String(port), HOST: "127.0.0.1" } });
    try {
      const answer = await answered(`http://127.0.0.1:${port}/predict`);
      expect(await answer.json()).toMatchObject({ modelVersion: "2" });
    } finally {
      task.kill("SIGTERM");
      expect((await once(task, "exit"))[0]).toBe(0);
    }
  });
});

/** Asks until somebody listens. */
async function answered(url: string): Promise<Response> {
  for (;;) {
    const response = await fetch(url, { method: "POST" }).catch(() => undefined);
    if (response !== undefined) return response;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
