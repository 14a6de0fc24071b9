import type { ShiftSeen } from "../observations.ts";
import type { Base } from "./base-types.ts";
import { secondsUntil, type Context } from "./context.ts";
import { forwardTo, writeRule } from "./forward.ts";

// Controllers of others wait two minutes for a rule; a little more, so that "never" can be told from "late".
const MOST_SECONDS = 150;
// What is believed to be so at once is given less: the share moves back for each of three questions.
const BACK_SECONDS = 125;

/** How soon requests follow a rule, and what becomes of cookies. */
export async function shift(context: Context): Promise<ShiftSeen> {
  const { clock, users } = context;
  const base = await context.base();
  const url = `${base.url}/predict`;
  const write = (blue: number, green: number, sticky: boolean) =>
    writeRule(context, base.ruleArn, forwardTo(base.groups, { blue, green }, sticky));
  const allAre = async (version: string) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => users.ask(url)));
    return answers.every((answer) => answer?.version === version);
  };
  const back = async () => {
    await write(100, 0, false);
    await secondsUntil(clock, () => allAre("1"), MOST_SECONDS);
  };
  /** Moves everyone to green with stickiness on; the cookies of one who was there. */
  const pinned = async () => {
    await write(0, 100, true);
    await secondsUntil(clock, () => allAre("2"), MOST_SECONDS);
    return (await users.ask(url))?.cookies ?? "";
  };
  const versionFor = async (cookies: string) => {
    const answer = await users.ask(url, { cookies });
    return answer?.version ?? String(answer?.status ?? "no answer");
  };

  await write(0, 100, false);
  const propagationSeconds = await secondsUntil(clock, () => allAre("2"), MOST_SECONDS);
  await back();

  const atZero = await pinned();
  await write(100, 0, true);
  const moved = await secondsUntil(clock, () => allAre("1"), MOST_SECONDS);
  const cookieAtZero = moved === undefined ? undefined : await versionFor(atZero);
  await back();

  const isBack = async (cookies: string) =>
    secondsUntil(clock, async () => (await versionFor(cookies)) === "1", BACK_SECONDS);
  const off = await pinned();
  await write(100, 0, false);
  const cookieOffSeconds = await isBack(off);
  await back();

  const removed = await pinned();
  await writeRule(context, base.ruleArn, alone(base));
  const cookieRemovedSeconds = await isBack(removed);
  await back();
  return { propagationSeconds, cookieAtZero, cookieOffSeconds, cookieRemovedSeconds };
}

const alone = ({ groups }: Base) => ({ Type: "forward", TargetGroupArn: groups.blue.arn }) as const;
