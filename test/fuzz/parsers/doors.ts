import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveConsole } from "../../../cli/console/http/server.ts";
import { openReports } from "../../../cli/console/http/reports.ts";
import { consoleApi } from "../../../cli/console/api.ts";
import { createApiServer } from "../../../packages/local-cloud/aws-api/server.ts";
import { createElb } from "../../../packages/local-cloud/gateway/elb.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { demand, type FuzzedParser } from "../parser.ts";
import { takenIf } from "../support.ts";
import { sendBytes, statusesOf } from "./raw.ts";

const TOKEN = "fuzzed-token";
const KEYS = { accessKeyId: "LOCALABCDEF0123456789", secretAccessKey: "fuzzed-secret", token: TOKEN };
const WORDS = [
  "GET ",
  "POST ",
  "OPTIONS ",
  "CONNECT ",
  "PRI * ",
  "/",
  "//",
  "*",
  "?",
  "%2f",
  "http://evil.example/",
  "\r\n",
  "\n",
  "Host: ",
  "Content-Length: 5\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Expect: 100-continue\r\n",
  "Upgrade: websocket\r\n",
  "Connection: upgrade\r\n",
  "Cookie: AWSALBTG=x\r\n",
  `Authorization: Bearer ${TOKEN}\r\n`,
  "5\r\nabcde\r\n0\r\n\r\n",
  " HTTP/1.0",
  "\0",
  "é",
];

const request = (port: number, line: string, more = "", body = "") =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${more}${body === "" ? "" : `Content-Length: ${body.length}\r\n`}\r\n${body}`;

/** A server that answers, whatever comes: no 5xx of its own, and it goes on. */
function door(
  name: string,
  port: number,
  seeds: readonly string[],
  {
    statuses,
    faults,
  }: { readonly statuses: (status: number) => boolean; readonly faults: readonly unknown[] },
): FuzzedParser {
  return {
    name,
    seeds,
    edits: "text",
    words: WORDS,
    async take(input) {
      const before = faults.length;
      const { text, isOver } = await sendBytes(port, input);
      if (faults.length > before) throw faults.at(-1);
      const found = statusesOf(text);
      demand(found.every(statuses), `it answers ${found.join(", ")}: ${text.slice(0, 200)}`);
      demand(isOver, "the connection is not over");
      return takenIf(found.some((status) => status < 400));
    },
  };
}

const isOwn = (status: number) => status < 500;

async function consoleDoor(): Promise<FuzzedParser> {
  const faults: unknown[] = [];
  const reports = openReports();
  const never = () => Promise.reject(new Error("not in a fuzzer"));
  const routes = consoleApi(
    { state: never, subject: never, soon: () => {} } as never,
    {
      runs: () => [],
      start: () => ({ id: "x", verb: "pause", lines: [], exitCode: 0, sentence: "" }),
    } as never,
    reports,
    { state: never, play: never } as never,
  );
  const { port } = await serveConsole(
    async (asked) => {
      if (asked.url.pathname === "/api/run") return routes(asked);
      return { path: asked.url.pathname, body: isRecord(asked.body) };
    },
    { token: TOKEN, pages: reports.pages },
  );
  const open = `Authorization: Bearer ${TOKEN}\r\n`;
  const json = `${open}Content-Type: application/json\r\n`;
  const seeds = [
    request(port, "GET /"),
    request(port, "GET /api/state", open),
    request(port, "GET /api/look?release=x&n=1", open),
    request(port, "POST /api/run", json, '{"verb":"pause","reason":"x"}'),
    request(port, "GET /report/abc"),
    request(port, "GET /main.js"),
  ];
  return door("console-http", port, seeds, { statuses: isOwn, faults });
}

async function cloudDoor(): Promise<FuzzedParser> {
  const faults: unknown[] = [];
  const server = createApiServer({
    keys: KEYS,
    json: [{ service: "x", targetPrefix: "X", jsonVersion: "1.1", operations: { Say: (input) => input } }],
    extra: { "/clock": ({ url }) => ({ search: url.search }), "/logs": ({ body }) => ({ body }) },
    onFault: (fault) => faults.push(fault),
  });
  const { port } = await server.listen(0);
  const open = `Authorization: Bearer ${TOKEN}\r\n`;
  const seeds = [
    request(port, "GET /clock?challenge=x"),
    request(port, "GET /logs/blue?lines=3", open),
    request(port, "POST /logs", open, '{"a":1}'),
    request(port, "POST /", "X-Amz-Target: X.Say\r\nContent-Type: application/x-amz-json-1.1\r\n", "{}"),
    request(port, "POST /", "Content-Type: application/x-www-form-urlencoded\r\n", "Action=DescribeRules"),
  ];
  return door("cloud-http", port, seeds, { statuses: isOwn, faults });
}

async function model(): Promise<number> {
  const server = createServer((asked, answer) => {
    asked.resume().on("end", () => answer.end("ok"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a TCP port has a socket address.
  return (server.address() as AddressInfo).port;
}

async function gatewayDoor(): Promise<FuzzedParser> {
  const clock = new ManualClock();
  const elb = createElb({ clock, region: "us-east-1", metrics: { series: () => ({ add: () => {} }) } });
  const call = async (name: string, input: object): Promise<Readonly<Record<string, unknown>>> => {
    const found = await elb.operations[name]?.({ ...input });
    return isRecord(found) ? found : {};
  };
  const first = (answer: Readonly<Record<string, unknown>>, list: string) => {
    const all = answer[list];
    const one: unknown = Array.isArray(all) ? all[0] : undefined;
    return isRecord(one) ? one : {};
  };
  const made = await call("CreateTargetGroup", {
    Name: "models",
    Protocol: "HTTP",
    Port: 80,
    VpcId: "v",
    TargetType: "ip",
  });
  const group = String(first(made, "TargetGroups")["TargetGroupArn"]);
  const balancer = first(
    await call("CreateLoadBalancer", { Name: "models", Subnets: ["a", "b"] }),
    "LoadBalancers",
  );
  await call("CreateListener", {
    LoadBalancerArn: balancer["LoadBalancerArn"],
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: group, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
        },
      },
    ],
  });
  await call("RegisterTargets", {
    TargetGroupArn: group,
    Targets: [{ Id: "127.0.0.1", Port: await model() }],
  });
  const port = Number(new URL(`http://${String(balancer["DNSName"])}`).port);
  const seeds = [
    request(port, "GET /predict?a=b"),
    request(port, "POST /predict", "Content-Type: application/json\r\n", '{"features":[1]}'),
    request(port, "GET http://models.example/predict"),
    request(port, "POST /predict", "Transfer-Encoding: chunked\r\n") + "5\r\nabcde\r\n0\r\n\r\n",
    request(
      port,
      "GET /",
      "Cookie: a=b; AWSALBTG=x.y\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: x-team\r\nX-Team: ml\r\n",
    ),
  ];
  // ELB guide, "Troubleshoot": what a client sends brings a 4xx, or a 501 for a transfer coding; the target is well.
  const statuses = (status: number) => status < 500 || status === 501;
  return door("gateway-http", port, seeds, { statuses, faults: [] });
}

export const doors = async (): Promise<readonly FuzzedParser[]> => [
  await consoleDoor(),
  await cloudDoor(),
  await gatewayDoor(),
];
