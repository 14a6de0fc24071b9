import * as v from "valibot";
import { UserError } from "../errors.ts";
import { judgePair, type JudgeAnswer, type JudgeMemory, type JudgePorts } from "./judge-pair.ts";
import { readQuestion, type JudgeQuestion } from "./question.ts";

/** A request to the judge; its body is parsed JSON, undefined where there is none. */
export interface AskedOverHttp {
  readonly path: string;
  readonly body: unknown;
}

export interface AnsweredOverHttp {
  readonly status: number;
  readonly body: unknown;
}

/** Flagger, docs/gitbook/usage/webhooks.md: what it posts to every webhook. */
const webhook = v.object({
  name: v.string(),
  namespace: v.string(),
  phase: v.string(),
  checksum: v.optional(v.string(), ""),
  metadata: v.optional(v.object({ question: v.optional(v.string(), "{}") }), {}),
});

/** Flagger takes 200 to 202 for yes and more for no; it repeats calls that got 429 or 5xx. */
const YES = 200;
const NO = 409;
/** So many pairs are remembered; of the others everything is read again. */
const MOST_PAIRS = 50;

/**
 * What the judge answers to the tools that ask over HTTP. One process answers for a pair: when a step began, and that a
 * canary has no users yet, is remembered and nowhere written down. A canary that is forgotten waits; of a step whose begin
 * is forgotten, all minutes since the first users count.
 */
export function httpJudge(ports: JudgePorts, given: Readonly<Record<string, unknown>> = {}) {
  const pairOf = pairsOf(given);
  /** Canaries that Flagger has said to be at weight 0, and has not asked about since. */
  const untouched = new Set<string>();

  /** Told to go on: the tool's next step begins. */
  async function advancing(raw: unknown): Promise<JudgeAnswer> {
    const { question, memory } = pairOf(raw);
    const answer = await judgePair(ports, question, memory);
    if (answer.verdict === "continue") memory.toldMs = ports.now();
    return answer;
  }

  /**
   * Flagger calls `pre-rollout` hooks while the canary has weight 0 and at no other time, and right after them
   * `confirm-traffic-increase` (pkg/controller/scheduler.go): that one gives it its first users, and there is nothing to
   * compare yet.
   */
  async function flagger(hook: string, raw: unknown): Promise<AnsweredOverHttp> {
    const read = v.safeParse(webhook, raw);
    if (!read.success) throw new UserError("BG205", "It is no call of a Flagger webhook.");
    const { name, namespace, checksum, metadata } = read.output;
    const question = parsed(metadata.question);
    const canary = JSON.stringify([namespace, name, checksum]);
    switch (hook) {
      case "pre-rollout":
        pairOf(question);
        untouched.add(canary);
        return { status: YES, body: { sentence: "the canary has no users yet" } };
      case "confirm-traffic-increase": {
        if (untouched.delete(canary)) {
          // Whatever the group did before was another revision.
          const { memory } = pairOf(question);
          memory.openedMs = ports.now();
          memory.openedFor = canary;
          return { status: YES, body: { sentence: "continue: the canary gets its first users" } };
        }
        const answer = await advancing(question);
        return { status: answer.verdict === "continue" ? YES : NO, body: answer };
      }
      case "rollback": {
        const pair = pairOf(question);
        const { openedFor } = pair.memory;
        // Flagger asks in every interval, also before it sends the first users (pkg/controller/scheduler.go): what is
        // remembered is of the revision before.
        if (openedFor !== undefined && openedFor !== canary)
          return { status: NO, body: { sentence: "wait: this canary has no users yet" } };
        const answer = await judgePair(ports, pair.question, pair.memory);
        return { status: answer.verdict === "rollback" ? YES : NO, body: answer };
      }
      default:
        return { status: 404, body: { error: `there is no Flagger hook ${hook} here` } };
    }
  }

  return async ({ path, body }: AskedOverHttp): Promise<AnsweredOverHttp> => {
    const [, hook] = /^\/flagger\/([a-z-]+)$/.exec(path) ?? [];
    try {
      if (hook !== undefined) return await flagger(hook, body);
      if (path === "/verdict") return { status: YES, body: await advancing(body) };
      return { status: 404, body: { error: "there is /verdict, and /flagger/<hook>" } };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { code, message, fix } = error;
      return { status: 400, body: { error: { code, message, fix } } };
    }
  };
}

interface PairAsked {
  readonly question: JudgeQuestion;
  readonly memory: JudgeMemory;
}

/** Questions with what is remembered of their pair; `given` is what they leave out. */
function pairsOf(given: Readonly<Record<string, unknown>>): (raw: unknown) => PairAsked {
  const memories = new Map<string, JudgeMemory>();
  return (raw) => {
    const question = readQuestion({ ...given, ...(isObject(raw) ? raw : {}) });
    const key = JSON.stringify([question.candidate, question.active]);
    const memory = memories.get(key) ?? {};
    memories.delete(key);
    memories.set(key, memory);
    const [oldest] = memories.keys();
    if (memories.size > MOST_PAIRS && oldest !== undefined) memories.delete(oldest);
    return { question, memory };
  };
}

const isObject = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    if (isObject(read)) return read;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UserError("BG205", `metadata.question is no JSON object: ${text}`);
}
