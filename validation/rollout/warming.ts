import { serviceOf } from "../../contract/config/model-service.ts";
import type { Slot } from "../../contract/slot.ts";
import { isSteady, middle, MOST_PER_TASK, stretchAt, type Stretch } from "../core/warming.ts";
import { attempt } from "../reading.ts";
import type { Clock, Context, Deployed } from "../ports.ts";
import { quoted, type Ask, type Reply } from "../protocols/ask.ts";
import { asked, readOf, type Speaker } from "../protocols/speaker.ts";
import { goldenOf, type Example } from "../suite/golden.ts";
import { introduce } from "../suite/speakers.ts";
import type { TestTools } from "../suite/test-candidate.ts";
import { requireName } from "../stack/way-in.ts";

/** Warms a candidate that is about to get its first users; whether it took time. Never rejects, and decides nothing. */
export type Warm = (deployed: Deployed, slot: Slot) => Promise<boolean>;

/**
 * Once for each release of this process, because a candidate stays warm. It writes nothing, so whoever is interrupted
 * in it has left nothing; and as its requests take the test rule, no metric counts them as users.
 */
export function warmOnce(context: Context, tools: TestTools | undefined): Warm {
  const warmed = new Set<string>();
  return async (deployed, slot) => {
    const id = deployed.config.release?.id ?? "";
    const { warmSeconds } = deployed.config.rollout;
    if (tools === undefined || warmSeconds === 0 || warmed.has(id)) return false;
    warmed.add(id);
    const read = await attempt(() => warm(context, deployed, slot, tools));
    const message = read.readable
      ? wordsOf(slot, read.value)
      : `${slot} is not warmed, and the release goes on: ${read.why}`;
    // One line, whatever the other side has said.
    context.reporter.report({ kind: "note", message: message.replaceAll(/\s+/g, " ") });
    return true;
  };
}

interface Warmed {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  /** Of the first and of the last stretch that had answers; in milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly steady: boolean;
}

/** @throws Error when there is nothing to warm with, or what answers is not the candidate. */
async function warm(
  { clock, health }: Context,
  { config, outputs }: Deployed,
  slot: Slot,
  tools: TestTools,
): Promise<Warmed> {
  const [token] = config.testTokens;
  if (token === undefined) throw new Error("the stack has no testToken, so it has no test rules");
  const { warmSeconds } = config.rollout;
  const { examples, suite } = await goldenOf(tools.readFile, config);
  requireName(outputs);
  const { healthy: tasks } = await health.targets(outputs.slots[slot].testTargetGroupArn);
  if (tasks === 0) throw new Error("its test target group has no healthy target");
  // First requests may take as long as the load balancer lets them, and the whole of it has a bound.
  const answerSeconds = Math.min(serviceOf(config, slot).requestTimeoutSeconds, warmSeconds);
  const ask = tools.connect(outputs, token, answerSeconds);
  const version = "version" in suite.waive ? undefined : config.slots[slot].modelVersion;
  const startMs = clock.now();
  const introduced = await introduce(ask, slot, serviceOf(config, slot), suite, examples[0]?.input);
  if ("why" in introduced) throw new Error(introduced.why);
  const { speaker } = introduced;
  const send = sender({ ask, slot, speaker, examples });
  const untilMs = startMs + warmSeconds * 1000;
  const seen = await untilSteady(clock, send, { tasks, untilMs, version, speaker });
  return { ...seen, seconds: (clock.now() - startMs) / 1000 };
}

/** Each request is the next line of the golden set, round and round. */
function sender(to: {
  readonly ask: Ask;
  readonly slot: Slot;
  readonly speaker: Speaker;
  readonly examples: readonly Example[];
}): () => Promise<Reply> {
  let next = 0;
  return () => {
    const example = to.examples[next % to.examples.length];
    next += 1;
    return to.ask(to.slot, asked(to.speaker, example === undefined ? [] : [example]));
  };
}

interface Bounds {
  readonly tasks: number;
  readonly untilMs: number;
  /** What the candidate answers as; undefined: that is not known. */
  readonly version: string | undefined;
  readonly speaker: Speaker;
}

async function untilSteady(
  clock: Pick<Clock, "now">,
  send: () => Promise<Reply>,
  { tasks, untilMs, version, speaker }: Bounds,
): Promise<Omit<Warmed, "seconds">> {
  const medians: number[] = [];
  let full: readonly number[] = [];
  let [requests, failed] = [0, 0];
  for (let index = 0; ; index += 1) {
    const stretch = stretchAt(index, tasks);
    const replies = await sendAll(stretch, send, () => clock.now() < untilMs);
    const answers = replies.filter(({ status }) => status === 200);
    requests += replies.length;
    failed += replies.length - answers.length;
    refuseOthers(answers, version, speaker);
    const median = middle(answers.map(({ seconds }) => seconds * 1000));
    if (median === undefined && medians.length === 0) throw new Error(unanswered(replies));
    if (median !== undefined) medians.push(median);
    const isWhole = replies.length === stretch.requests;
    // Of a stretch in which everything failed nothing is known, and what was steady before has to be shown anew.
    if (stretch.isFull && isWhole) full = median === undefined ? [] : [...full, median];
    const steady = isSteady(full);
    if (steady || clock.now() >= untilMs || requests >= MOST_PER_TASK * tasks) {
      const [firstMs = 0, lastMs = 0] = [medians[0], medians.at(-1)];
      return { requests, failed, firstMs, lastMs, steady };
    }
  }
}

/** As many as the stretch has, so many of them open at once; no more are begun when there is no time left. */
async function sendAll(
  { open, requests }: Stretch,
  send: () => Promise<Reply>,
  hasTime: () => boolean,
): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  let begun = 0;
  const one = async () => {
    while (begun < requests && hasTime()) {
      begun += 1;
      replies.push(await send());
    }
  };
  await Promise.all(Array.from({ length: open }, one));
  return replies;
}

/** Where the test rule takes no request of this machine (`service.testCidrs`), the route does, and users are there. */
function refuseOthers(answers: readonly Reply[], version: string | undefined, speaker: Speaker): void {
  if (version === undefined) return;
  const other = answers
    .map((reply) => readOf(speaker, reply, 1).version)
    .find((one) => (one ?? version) !== version);
  if (other === undefined) return;
  throw new Error(
    `version ${other} answers instead of ${version}; does the test rule take requests from here?`,
  );
}

function unanswered(replies: readonly Reply[]): string {
  const last = replies.at(-1);
  const said = last === undefined ? "" : `, but with ${quoted(last)}`;
  return `none of ${replies.length} requests was answered with 200${said}`;
}

function wordsOf(slot: Slot, { requests, failed, seconds, firstMs, lastMs, steady }: Warmed): string {
  const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
  const failures = failed === 0 ? "" : ` (${failed} failed)`;
  const seen = `${requests} requests${failures} in ${seconds.toFixed(0)} s, median from ${ms(firstMs)} to ${ms(lastMs)}`;
  return steady
    ? `${slot} is warmed: ${seen}, steady`
    : `${slot} is warmed, but not steady yet: ${seen}; the release goes on`;
}
