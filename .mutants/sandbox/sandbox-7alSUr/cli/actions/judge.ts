import { once } from "node:events";
import { text } from "node:stream/consumers";
import { isRecord } from "../../contract/config/field.ts";
import { awsPorts } from "../../validation/adapters/aws.ts";
import { localClock, systemClock } from "../../validation/adapters/clock.ts";
import { ecsDeployments } from "../../validation/adapters/judge/ecs-deployments.ts";
import { judgeServer } from "../../validation/adapters/judge/server.ts";
import { clientConfig, lazily } from "../../validation/adapters/target.ts";
import { UserError } from "../../validation/errors.ts";
import { answerPause } from "../../validation/judge/ecs-flows.ts";
import { httpJudge } from "../../validation/judge/http-answers.ts";
import { judgePair } from "../../validation/judge/judge-pair.ts";
import { readQuestion } from "../../validation/judge/question.ts";
import type { JudgeVerdict } from "../../validation/judge/words.ts";
import { EXIT, type ExitCode } from "../../validation/outcome.ts";
import { attempt, messageOf } from "../../validation/reading.ts";
import { resultJson } from "../json.ts";
import { harmless } from "../view/harmless.ts";
import { showJudgeAnswer } from "../view/judge.ts";
import { parsedJson, textOf } from "./explain.ts";

export interface JudgeOptions {
  readonly json: boolean;
  readonly region?: string | undefined;
  readonly listen?: number | undefined;
  readonly host: string;
  readonly ecsContinue?: string | undefined;
  readonly lambda?: string | undefined;
}

const EXITS: Readonly<Record<JudgeVerdict, ExitCode>> = {
  continue: EXIT.done,
  wait: EXIT.evidenceMissing,
  rollback: EXIT.rolledBack,
};

/** `npx bluegreen judge`: one question of a file or of standard input, a server, or a PAUSE hook of ECS. */
export async function judge(file: string | undefined, options: JudgeOptions): Promise<void> {
  const { json, listen, host, ecsContinue, lambda } = options;
  if (lambda !== undefined) {
    const { writeJudgeFunction } = await import("./judge-function.ts");
    return tell(await writeJudgeFunction(lambda), json);
  }
  if (file === undefined && listen === undefined && ecsContinue === undefined) {
    throw new UserError("BG205", "There is no file, and no --listen, --ecs-continue or --lambda.");
  }
  const given = file === undefined ? {} : await questionIn(file);
  const ports = await portsOf(regionOf(options));
  if (listen !== undefined) return serve(ports, given, { host, port: listen });
  if (ecsContinue !== undefined) {
    const said = await answerPause(ports, ecsContinue, given);
    process.exitCode = EXITS[said.verdict];
    return tell(json ? said : said.sentence, json);
  }
  const answer = await judgePair(ports, readQuestion(given));
  process.exitCode = EXITS[answer.verdict];
  tell(json ? answer : showJudgeAnswer(answer), json);
}

function tell(said: object | string, asJson: boolean): void {
  const shown = typeof said === "string" ? (asJson ? JSON.stringify(said) : said) : resultJson(said);
  process.stdout.write(`${harmless(shown)}\n`);
}

async function questionIn(file: string): Promise<Readonly<Record<string, unknown>>> {
  const parsed = parsedJson(file, file === "-" ? await text(process.stdin) : await textOf(file));
  if (isRecord(parsed)) return parsed;
  throw new UserError("BG205", `${file} is no JSON object.`);
}

function regionOf({ region, ecsContinue }: JudgeOptions): string {
  // arn:aws:ecs:<region>:<account>:service-deployment/…
  const named = region ?? ecsContinue?.split(":")[3] ?? process.env["AWS_REGION"];
  if (named !== undefined && named !== "") return named;
  throw new UserError("BG205", "Nobody says the region: --region, or AWS_REGION.");
}

async function portsOf(region: string) {
  const target = { region, endpoint: undefined, credentials: undefined };
  const { metrics, health } = awsPorts(target);
  const ecs = lazily(async () => {
    const { ECSClient } = await import("@aws-sdk/client-ecs");
    return new ECSClient(clientConfig(target));
  });
  const clock = await clockOf(process.env["AWS_ENDPOINT_URL"]);
  const log = (line: string) => void process.stderr.write(`${harmless(line)}\n`);
  return { metrics, now: clock.now, log, deployments: ecsDeployments(ecs, health) };
}

/** A local cloud at the SDK's own endpoint (`npx bluegreen local env`) has a clock; anything else has the machine's. */
async function clockOf(endpoint: string | undefined) {
  if (endpoint === undefined || endpoint === "") return systemClock();
  const local = await attempt(() => localClock(endpoint));
  return local.readable ? local.value : systemClock();
}

type JudgingPorts = Awaited<ReturnType<typeof portsOf>>;
const SHORTEST_TOKEN = 32;

async function serve(
  ports: JudgingPorts,
  given: Readonly<Record<string, unknown>>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const token = process.env["BLUEGREEN_JUDGE_TOKEN"] ?? "";
  if (token.length < SHORTEST_TOKEN) {
    throw new UserError("BG206", `BLUEGREEN_JUDGE_TOKEN has ${token.length} characters.`);
  }
  const server = judgeServer({ answer: httpJudge(ports, given), token, log: ports.log });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new UserError("BG207", `${messageOf(error)}.`);
  }
  const address = server.address();
  const heard = typeof address === "object" && address !== null ? address.port : port;
  ports.log(`the judge listens on http://${host}:${heard}, until Ctrl-C`);
}
