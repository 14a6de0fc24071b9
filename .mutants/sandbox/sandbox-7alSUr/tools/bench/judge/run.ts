import { once } from "node:events";
import * as v from "valibot";
import { judgeServer } from "../../../validation/adapters/judge/server.ts";
import { answerHook, answerPause } from "../../../validation/judge/ecs-flows.ts";
import { httpJudge } from "../../../validation/judge/http-answers.ts";
import { rolloutOf } from "./argo.ts";
import { ecsPlane, type EcsStrategy } from "./ecs.ts";
import { example } from "./examples.ts";
import { flaggerCanary } from "./flagger.ts";
import { kindOf, pairWorld, type PairCase, type PairWorld } from "./pair-world.ts";

export const TOOLS = ["ecs, Lambda hook", "ecs, PAUSE hook", "argo", "flagger"] as const;
export type ToolName = (typeof TOOLS)[number];

export interface JudgedRun {
  readonly end: "continue" | "rollback" | "paused";
  /** Minutes since the deployment began. */
  readonly minutes: number;
  /** The candidate's share at the end, in percent. */
  readonly share: number;
  /** What the judge said last. */
  readonly sentence: string;
}

const ENDS = {
  completed: "continue",
  promoted: "continue",
  rolledBack: "rollback",
  aborted: "rollback",
  paused: "paused",
} as const;

/** So long a deployment is watched: longer than the example of Argo Rollouts waits, and less than ECS's day. */
const WATCHED_MINUTES = 300;
const TOKEN = "0123456789abcdef0123456789abcdef";

/** One deployment by a tool, with the configuration of docs/fleet/judge.md. */
export async function judgedBy(
  tool: ToolName,
  which: PairCase,
  { seed, run }: { readonly seed: number; readonly run: number },
): Promise<JudgedRun> {
  const world = pairWorld(kindOf(which, run), seed, run);
  const said: string[] = [];
  const log = (line: string) => void said.push(line);
  const { end, minutes, share } = await deployedBy(tool, world, log);
  return { end: ENDS[end], minutes, share, sentence: said.at(-1) ?? "" };
}

function deployedBy(tool: ToolName, world: PairWorld, log: (line: string) => void) {
  switch (tool) {
    case "ecs, Lambda hook":
    case "ecs, PAUSE hook":
      return byEcs(world, tool === "ecs, PAUSE hook" ? "PAUSE" : "AWS_LAMBDA", log);
    case "argo":
      return overHttp(world, log, (ask) => byArgo(world, ask));
    case "flagger":
      return overHttp(world, log, (ask) => byFlagger(world, ask));
  }
}

const ecsExample = v.object({
  strategy: v.literal("CANARY"),
  canaryConfiguration: v.object({ canaryPercent: v.number(), canaryBakeTimeInMinutes: v.number() }),
  lifecycleHooks: v.tuple([
    v.object({
      lifecycleStages: v.tuple([v.literal("PRE_PRODUCTION_TRAFFIC_SHIFT")]),
      hookDetails: v.record(v.string(), v.unknown()),
    }),
  ]),
});

async function byEcs(world: PairWorld, hook: EcsStrategy["hook"], log: (line: string) => void) {
  const {
    strategy,
    canaryConfiguration: canary,
    lifecycleHooks,
  } = v.parse(ecsExample, example("ECS: canary and linear"));
  const [{ hookDetails }] = lifecycleHooks;
  const plane = ecsPlane(world, {
    strategy,
    percent: canary.canaryPercent,
    bakeMinutes: canary.canaryBakeTimeInMinutes,
    hook,
    hookDetails,
  });
  const ports = { ...world, deployments: plane.deployments, log };
  return plane.deploy(async (event) => {
    if (hook === "AWS_LAMBDA") return answerHook(ports, event);
    log((await answerPause(ports, plane.deploymentArn, hookDetails)).sentence);
    return undefined;
  }, WATCHED_MINUTES);
}

/** A request to the judge's address as it stands in the example, and what came back. */
type AskHttp = (
  method: "GET" | "POST",
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** The file of the server: both groups, as the document tries them first. */
function judgedPair(): Readonly<Record<string, unknown>> {
  const { candidate, active } = v.parse(
    v.object({ candidate: v.unknown(), active: v.unknown() }),
    example("Try it"),
  );
  return { candidate, active };
}

/** The judge's own server on a port of this machine, in place of the host of the examples. */
async function overHttp<T>(
  world: PairWorld,
  log: (line: string) => void,
  use: (ask: AskHttp) => Promise<T>,
): Promise<T> {
  const server = judgeServer({ answer: httpJudge(world, judgedPair()), token: TOKEN, log });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    return await use(async (method, text, headers, body) => {
      const url = new URL(text.replace("<token>", TOKEN));
      // As Go's net/http: user and password of an address are Basic authentication.
      const basic = Buffer.from(`${url.username}:${url.password}`).toString("base64");
      const authorization = url.username === "" ? {} : { authorization: `Basic ${basic}` };
      const response = await fetch(`http://127.0.0.1:${port}${url.pathname}`, {
        method,
        headers: { "content-type": "application/json", ...authorization, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    });
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

const argoExample = v.object({
  spec: v.object({
    metrics: v.tuple([
      v.object({
        initialDelay: v.string(),
        interval: v.string(),
        consecutiveSuccessLimit: v.number(),
        inconclusiveLimit: v.number(),
        consecutiveErrorLimit: v.number(),
        successCondition: v.string(),
        failureCondition: v.string(),
        provider: v.object({
          web: v.object({
            url: v.string(),
            headers: v.array(v.object({ key: v.string(), value: v.string() })),
          }),
        }),
      }),
    ]),
  }),
});

const ARGO_STEPS = [10, 50];

function byArgo(world: PairWorld, ask: AskHttp) {
  const { spec } = v.parse(argoExample, example("Argo Rollouts"));
  const [metric] = spec.metrics;
  const { url, headers } = metric.provider.web;
  const sent = Object.fromEntries(
    headers.map(({ key, value }) => [key, value.replace("{{args.token}}", TOKEN)]),
  );
  return rolloutOf(
    world,
    ARGO_STEPS,
    metric,
    async () => {
      const { status, body } = await ask("GET", url, sent);
      return status >= 200 && status < 300 ? body : undefined;
    },
    WATCHED_MINUTES,
  );
}

const flaggerExample = v.object({
  analysis: v.object({
    interval: v.string(),
    threshold: v.number(),
    maxWeight: v.number(),
    stepWeight: v.number(),
    webhooks: v.array(
      v.object({
        name: v.string(),
        type: v.string(),
        url: v.string(),
      }),
    ),
  }),
});

function byFlagger(world: PairWorld, ask: AskHttp) {
  const { analysis } = v.parse(flaggerExample, example("Flagger"));
  return flaggerCanary(
    world,
    analysis,
    async (url, payload) => (await ask("POST", url, {}, payload)).status,
    WATCHED_MINUTES,
  );
}
