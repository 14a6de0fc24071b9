import { otherSlot, type Slot } from "../../contract/slot.ts";
import { isEmpty } from "../../contract/config/stack-config.ts";
import { requireDeployed } from "../stack/apply.ts";
import { iso } from "../core/iso.ts";
import { randomOf } from "../core/planning/random.ts";
import type { ShadowPolicy } from "../core/signals/shadow.ts";
import { UserError } from "../errors.ts";
import { EXIT, type ExitCode, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { messageOf } from "../reading.ts";
import { requireName } from "../stack/way-in.ts";
import { introductions } from "../suite/speakers.ts";
import type { TestTools } from "../suite/test-candidate.ts";
import { askPairs, drawn } from "./ask-pairs.ts";
import { comparePairs, type ComparedPairs } from "./compare-pairs.ts";
import { firstInput, readRecorded, safeWords, type Recorded, type SafeRequest } from "./recorded.ts";
import { replaySentence } from "./words.ts";

export interface ReplayRequestsOptions {
  /** Lines of JSON, below the project's directory or absolute. */
  readonly file: string;
  /** So many of them, drawn at random; undefined: all. */
  readonly requests?: number | undefined;
  /** Part of the answers, 0 to 1, that may differ more than the active model's own do; undefined: it is only told. */
  readonly allowedDisagreement?: number | undefined;
  /** Numbers nearer than this are one answer; undefined: only what rounding explains. */
  readonly within?: number | undefined;
  /** What may be asked besides predictions, because asking changes nothing. */
  readonly safe: readonly SafeRequest[];
  /** So many requests at a time. */
  readonly concurrency: number;
}

export interface ReplayRequestsOutcome extends Outcome, ComparedPairs {
  /** The slot whose model has no users yet. */
  readonly candidate: Slot;
  /** The slot that has the users. */
  readonly active: Slot;
  /** Where the requests were recorded. */
  readonly file: string;
  /** Lines that were not asked, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly policy: ShadowPolicy;
  /** ISO 8601, by the cloud's clock. */
  readonly at: string;
}

/** Less than this part more is worth saying where nobody says what is allowed. */
const SIGHT = 0.01;

/**
 * Asks both slots with requests that users made once, through the test rules, and says whether the candidate answers
 * otherwise than the active model by more than that does itself. Users, metrics and alarms see nothing of it, but the
 * active slot's tasks have two requests more for each.
 */
export async function replayRequests(
  context: Context,
  tools: Pick<TestTools, "connect" | "readFile">,
  options: ReplayRequestsOptions,
): Promise<ReplayRequestsOutcome> {
  const { file, allowedDisagreement, within, concurrency } = options;
  const deployed = await requireDeployed(context);
  const { config, outputs } = deployed;
  const sides = await sidesOf(context, deployed);
  const text = await tools.readFile(file).catch((error: unknown) => {
    throw new UserError("BG200", `${file} cannot be read: ${messageOf(error)}.`);
  });
  const [token] = config.testTokens;
  if (token === undefined) throw new UserError("BG180", "");
  requireName(outputs);
  const ask = tools.connect(outputs, token, config.suite.answerSeconds);
  const { speakers, unasked, check } = await introductions(ask, config, sides, firstInput(text));
  if (speakers === undefined || unasked !== undefined) throw new UserError("BG186", `${check.reason}.`);

  const { candidate, active } = sides;
  const spoken = { candidate: speakers[candidate], active: speakers[active] };
  const { predictPath } = spoken.active.model;
  const safe = [{ method: "POST", path: predictPath }, ...options.safe];
  const recorded = readRecorded(text, predictPath, safe);
  const random = randomOf(context.clock.wall());
  const requests = drawn(recorded.requests, options.requests ?? recorded.requests.length, random);
  if (requests.length === 0) throw new UserError("BG192", nothingToAsk(file, recorded, safe));
  const policy: ShadowPolicy = {
    alpha: config.rollout.alpha,
    allowedDisagreement: allowedDisagreement ?? 0,
    sight: allowedDisagreement === undefined || allowedDisagreement === 0 ? SIGHT : allowedDisagreement,
    // A candidate that may differ may do so in one request that came often, each time.
    clusterSize:
      (allowedDisagreement ?? 0) === 0 ? 1 : greatestRepeat(requests.map(({ question }) => question)),
  };
  const startWallMs = context.clock.wall();
  const pairs = await askPairs(ask, requests, {
    ...sides,
    concurrency,
    random,
    tell: progress(context, startWallMs),
  });
  const compared = comparePairs(pairs, spoken, within, policy);
  return {
    exitCode: exitOf(compared, allowedDisagreement),
    sentence: replaySentence(compared, policy, sides),
    ...compared,
    ...sides,
    file,
    skipped: Object.fromEntries(recorded.skipped),
    policy,
    at: iso(context.clock.now()),
  };
}

/** Both slots, each with a healthy task: the load balancer answers for a slot without, and that is no model's answer. */
async function sidesOf({ health }: Context, { config, outputs }: Deployed) {
  const active = config.activeSlot;
  const candidate = otherSlot(active);
  if (isEmpty(config.slots[candidate])) throw new UserError("BG113", `${candidate} has no model.`);
  for (const slot of [candidate, active]) {
    const { healthy, unhealthy, initial } = await health.targets(outputs.slots[slot].testTargetGroupArn);
    if (healthy > 0) continue;
    throw new UserError("BG184", `On ${slot} ${unhealthy} targets are unhealthy, ${initial} are starting.`);
  }
  return { candidate, active };
}

/** Without a bound nothing is asked of the candidate, and it is only told how it answers. */
function exitOf(
  { failures, disagreement }: ComparedPairs,
  allowedDisagreement: number | undefined,
): ExitCode {
  if (allowedDisagreement === undefined) return EXIT.done;
  if (failures.seenAtMs !== undefined || disagreement.seenAtMs !== undefined) return EXIT.needsPerson;
  return disagreement.isAlike ? EXIT.done : EXIT.evidenceMissing;
}

function nothingToAsk(file: string, { skipped }: Recorded, safe: readonly SafeRequest[]): string {
  const why = [...skipped].map(([reason, lines]) => `${lines} × ${reason}`);
  const found = why.length === 0 ? "has no line" : `has none (${why.join("; ")})`;
  return `${file} ${found}; safe are ${safe.map(safeWords).join(", ")}.`;
}

function greatestRepeat(questions: readonly unknown[]): number {
  const times = Map.groupBy(questions, (question) => JSON.stringify(question));
  return [...times.values()].reduce((most, { length }) => Math.max(most, length), 1);
}

/** Not oftener than this. */
const EVERY_MS = 2_000;

function progress({ clock, reporter }: Context, startWallMs: number) {
  let toldMs = startWallMs;
  return (done: number, total: number) => {
    const nowMs = clock.wall();
    if (nowMs - toldMs < EVERY_MS) return;
    toldMs = nowMs;
    const secondsLeft = ((nowMs - startWallMs) / 1000 / done) * (total - done);
    reporter.report({ kind: "testing", stage: "recorded requests", done, total, secondsLeft });
  };
}
