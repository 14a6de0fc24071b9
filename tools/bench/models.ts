/**
 * `npm run bench:models`: two models in one stack. 200 random interleavings of their updates, in process (see
 * models/interleave.ts), and seconds from the start of `bluegreen revert --model fraud` to the new weights at the load
 * balancer: alone, while a verb of the other model holds the stack, and while the program refuses the other model. It ends
 * with 1 when an update of a verb was lost, or a revert took longer than a second.
 */
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { parseArgs } from "node:util";
import { localCredentials } from "../../packages/local-cloud/access/address.ts";
import { openShop, type Shop } from "../../test/scenario/support/shop.ts";
import { interleave, type Interleaved } from "./models/interleave.ts";

const RUNS_EACH = 3;
const SPEED = 20;
const LOOK_EVERY_MS = 5;
const MOST_SECONDS = 1;

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    interleavings: { type: "string", default: "200" },
  },
});
const order = await measureOrder(Number(flags.interleavings));
const revert = await measureReverts();
const result = { ...order, ...revert };
if (flags.json) console.log(JSON.stringify(result));
else {
  console.log(
    `${order.interleavings} interleavings, ${order.updates} updates: ${order.lost} lost, ${order.undone} undone for a moment; of persons' own updates beside them ${order.personsLost} lost`,
  );
  for (const [when, seconds] of Object.entries(revert))
    console.log(`${when}: ${seconds.join(", ")} s to the new weights`);
}
const slow = Object.values(revert)
  .flat()
  .filter((seconds) => seconds > MOST_SECONDS);
if (order.lost > 0 || slow.length > 0) {
  console.error(
    `missed: ${order.lost} updates lost, allowed: 0; ${slow.length} reverts slower than ${MOST_SECONDS} s, allowed: 0`,
  );
  process.exitCode = 1;
}

async function measureOrder(interleavings: number) {
  const seen: Interleaved[] = [];
  for (let seed = 1; seed <= interleavings; seed += 1) seen.push(await interleave(seed));
  const sum = (of: (one: Interleaved) => number) => seen.reduce((total, one) => total + of(one), 0);
  return {
    interleavings,
    updates: sum(({ updates }) => updates),
    lost: sum(({ lost }) => lost.length),
    undone: sum(({ undone }) => undone.length),
    personsLost: sum(({ personsLost }) => personsLost.length),
    metLock: sum(({ locks }) => locks),
    refused: sum(({ refusals }) => refusals),
  };
}

async function measureReverts() {
  const shop = await openShop(SPEED, ["green"]);
  try {
    const alone = await times(() => revertOnce(shop));
    const whileOtherHolds = await times(async () => {
      await share(shop, "churn");
      return revertOnce(shop, async () => {
        const other = shop.start("revert", "--model", "churn");
        while (!(await shop.isHeld()));
        return async () => void (await other.ended);
      });
    });
    const whileOtherBroken = await times(async () => {
      await shop.program();
      return revertOnce(shop, async () => {
        await shop.program("{ service: { port: -1 } }");
        return async () => {};
      });
    });
    return { alone, whileOtherHolds, whileOtherBroken };
  } finally {
    await shop.close();
  }
}

async function times(measure: () => Promise<number>): Promise<readonly number[]> {
  const all: number[] = [];
  for (let run = 0; run < RUNS_EACH; run += 1) all.push(await measure());
  return all;
}

/** A tenth of the model's users goes to green, manually. */
async function share(shop: Shop, model: "fraud" | "churn"): Promise<void> {
  await shop.done("pulumi", "config", "set", `${model}:greenWeight`, "10");
  await shop.done("pulumi", "up", "--yes", "--skip-preview");
}

/** Seconds from the start of the process to the new weights. `meanwhile`: what begins before it; it gives back its end. */
async function revertOnce(shop: Shop, meanwhile?: () => Promise<() => Promise<void>>): Promise<number> {
  await share(shop, "fraud");
  const { routeArn } = await shop.outputs("fraud");
  const { url, region } = shop.endpoint;
  const elb = new ElasticLoadBalancingV2Client({
    endpoint: url,
    region,
    credentials: localCredentials(shop.endpoint),
  });
  const end = await meanwhile?.();
  const startedMs = performance.now();
  const verb = shop.start("revert", "--model", "fraud", "--json");
  while (verb.isAlive() && (await greenWeight(elb, routeArn)) > 0) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { exitCode, stdout, stderr } = await verb.ended;
  await end?.();
  elb.destroy();
  if (exitCode === 0) return Number(seconds.toFixed(3));
  throw new Error(`revert ended with ${exitCode}: ${stdout}${stderr}`);
}

async function greenWeight(elb: ElasticLoadBalancingV2Client, routeArn: string): Promise<number> {
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ RuleArns: [routeArn] }));
  const groups = Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
  return Math.min(...groups.map(({ Weight = 0 }) => Weight));
}
