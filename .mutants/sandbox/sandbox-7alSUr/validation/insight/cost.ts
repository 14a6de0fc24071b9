import { showProblems } from "../../contract/checks/problem.ts";
import type { Capacity } from "../../contract/config/capacity.ts";
import { otherSlot, SLOTS } from "../../contract/slot.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { deadlineMinutesAt } from "../../contract/release/schedule.ts";
import { percents, stepAt } from "../../contract/config/steps.ts";
import {
  atMost,
  bill,
  capacityOf,
  HOURS,
  releaseUsd,
  standbyUsd,
  taskHourUsd,
  total,
  watchedUsd,
  type Assumptions,
  type BillLine,
} from "./cost/bill.ts";
import { releaseTasks, type ReleaseTasks } from "../core/planning/release-tasks.ts";
import { PRICE_REGION, PRICES, PRICES_AS_OF, type Price } from "./cost/prices.ts";
import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { StackStore } from "../ports.ts";

export interface CostOutcome extends Outcome {
  /** What was priced: the deployed configuration, or the checkout's file and why. */
  readonly of: string;
  readonly lines: readonly (BillLine & Pick<Price, "per" | "confirmed">)[];
  readonly monthlyUsd: number;
  readonly standbyMonthlyUsd: number;
  /** What CloudWatch asks for watching one release: that only bakes, and whose every step lasts until its deadline. */
  readonly releaseWatchedUsd: { readonly baked: number; readonly held: number };
  /** What a candidate's tasks come to until it has everyone, when every step lasts as long as its bake. */
  readonly release: ReleaseTasks & { readonly usd: number };
  /** With both slots at their greatest number of tasks. */
  readonly mostMonthlyUsd: number;
  readonly assumptions: readonly string[];
  readonly prices: {
    readonly region: string;
    readonly asOf: string;
    /** Prices of the bill that were not read on AWS's own pages. */
    readonly unconfirmed: readonly string[];
  };
}

export interface CostContext {
  readonly store: Pick<StackStore, "deployed">;
  /** The stack's file of the checkout, keys as Pulumi gives them; undefined: there is none. */
  readonly checkout: () => Promise<Readonly<Record<string, string>> | undefined>;
  readonly region: string;
}

/** What the stack costs in a month: as it is deployed, or, before that, as the checkout would deploy it. */
export async function cost(context: CostContext, assumed: Assumptions): Promise<CostOutcome> {
  const { config, of } = await configToPrice(context);
  const lines = bill(config, assumed);
  const monthlyUsd = total(lines);
  const standby = standbyUsd(config);
  const { rollout, slots, activeSlot } = config;
  const tasks = releaseTasks(
    rollout,
    slots[activeSlot].minTasks,
    (share) => stepAt(rollout, share).bakeMinutes,
  );
  const used = [...new Set(lines.map(({ price }) => price))];
  const unconfirmed = used.filter((key) => !PRICES[key].confirmed).map((key) => PRICES[key].per);
  return {
    exitCode: EXIT.done,
    sentence: `about ${money(monthlyUsd)} a month, ${standbyWords(config, standby)}`,
    of,
    lines: lines.map((one) => ({
      ...one,
      per: PRICES[one.price].per,
      confirmed: PRICES[one.price].confirmed,
    })),
    monthlyUsd,
    standbyMonthlyUsd: standby,
    releaseWatchedUsd: { baked: watchedUsd(config, "baked"), held: watchedUsd(config, "held") },
    release: { ...tasks, usd: tasks.taskHours * taskHourUsd(config) },
    mostMonthlyUsd: total(bill(atMost(config), assumed)),
    assumptions: assumptionsOf(config, assumed, context.region),
    prices: { region: PRICE_REGION, asOf: PRICES_AS_OF, unconfirmed },
  };
}

function standbyWords(config: StackConfig, standby: number): string {
  if (standby > 0) return `${money(standby)} of it for the tasks of the standby or candidate`;
  const other = otherSlot(config.activeSlot);
  const isThere = capacityOf(config, other) !== undefined && config.slots[other].minTasks > 0;
  if (isThere) return "without the tasks of the standby or candidate, which run on your own instances";
  const added =
    capacityOf(config, config.activeSlot) === "ec2"
      ? "needs room for its tasks on your own instances"
      : `adds ${config.rollout.capacity === "share" ? "at most " : ""}${money(releaseUsd(config))} a month for its tasks`;
  return `without a standby; a release that stands compared with the active slot ${added}`;
}

export const money = (usd: number) => `${usd.toFixed(2)} USD`;

async function configToPrice({
  store,
  checkout,
}: CostContext): Promise<{ readonly config: StackConfig; readonly of: string }> {
  const deployed = await attempt(() => store.deployed());
  if (deployed.readable && deployed.value !== undefined)
    return { config: deployed.value.config, of: "the deployed configuration" };
  const why = deployed.readable
    ? "the stack was never deployed"
    : `what is deployed cannot be read: ${deployed.why}`;
  const raw = await checkout();
  if (raw === undefined) throw new UserError("BG104", `And ${why}.`);
  const parsed = parseConfig(raw);
  if (!parsed.ok) throw new UserError("BG102", showProblems(parsed.problems));
  return { config: parsed.config, of: `the checkout's stack file, because ${why}` };
}

/** "10", or "10 to 60". */
function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function assumptionsOf(
  config: StackConfig,
  { lcu, logGb, natGb, releases }: Assumptions,
  region: string,
): readonly string[] {
  const { slots, rollout, network } = config;
  const shares = percents(rollout.steps);
  const bakes = shares.map((share) => stepAt(rollout, share).bakeMinutes);
  const deadlines = shares.map((share) => deadlineMinutesAt(rollout, share));
  const cents = (how: "baked" | "held") => watchedUsd(config, how).toFixed(2);
  const on = (capacity: Capacity) => SLOTS.filter((slot) => capacityOf(config, slot) === capacity);
  const tasks = SLOTS.filter((slot) => slots[slot].image !== undefined).map(
    (slot) => `${slot} ${slots[slot].minTasks}`,
  );
  return [
    `a month of ${HOURS} hours with the least number of tasks (${tasks.join(", ") || "none"})`,
    `${lcu} LCU on average (--lcu), ${logGb} GB of logs a month (--log-gb)`,
    ...(network.vpcId === undefined && network.nat !== "none"
      ? [`${natGb} GB a month through NAT (--nat-gb)`]
      : []),
    `${releases} releases a month (--releases) of ${shares.length} steps that bake ${range(bakes)} minutes each, looked at once a minute: CloudWatch asks ${cents("baked")} USD for one`,
    ...(releases < 1
      ? []
      : [
          `one of them is held in each step until its deadline of ${range(deadlines)} minutes: ${cents("held")} USD`,
        ]),
    "no free tier, savings plan, tax, or data out to the internet",
    ...(on("fargateSpot").length === 0
      ? []
      : [
          `on Fargate Spot all but one task of ${on("fargateSpot").join(" and ")}, four in five of them, at the price of ${PRICES.vcpuX86Spot.asOf}: it follows supply and demand`,
        ]),
    ...(on("ec2").length === 0
      ? []
      : [`the EC2 instances under the tasks of ${on("ec2").join(" and ")} are your own and not in it`]),
    ...(network.listenerArn === undefined ? [] : ["the shared load balancer itself is not in it"]),
    ...(network.vpcId === undefined ? [] : ["NAT gateways of the existing VPC are not in it"]),
    ...(region === PRICE_REGION
      ? []
      : [`prices of ${PRICE_REGION}; ${region} differs, most regions cost more`]),
  ];
}
