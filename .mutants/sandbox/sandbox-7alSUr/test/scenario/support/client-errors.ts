import { FIRST_SHARE, firstShare, type FirstShare } from "./first-share.ts";
import { aStack, type World } from "./world.ts";

const REQUESTS_PER_MINUTE = 600;

export interface Refused extends Omit<FirstShare, "next"> {
  /** Of each version of the model, what users asked, and how much of it was answered with 4xx. */
  readonly asked: number;
  readonly refused: number;
}

/** A release of a model that answers 422 to half of its users, to its end, beside one that answers all of them. */
export async function releaseThatRefuses(speed: number): Promise<Refused> {
  const world = await aStack({
    speed,
    rollout: FIRST_SHARE,
    blue: { image: "digits:1", modelVersion: "1" },
  });
  try {
    return await release(world);
  } finally {
    await world.close();
  }
}

async function release(world: World): Promise<Refused> {
  const command = "node test/scenario/fixtures/odd-model.ts refuses";
  const deployed = await world.run("deploy", "digits:3", "--model-version", "3", "--command", command);
  if (deployed.exitCode !== 0) throw new Error(`deploy: ${deployed.stdout}${deployed.stderr}`);
  const users = world.users(REQUESTS_PER_MINUTE);
  const { next, ...seen } = await firstShare(world);
  await users.leave();
  if (next !== 0) throw new Error(`the candidate got ${next} %: ${seen.release.sentence}`);
  const answers = users.answers();
  return {
    ...seen,
    asked: answers.length,
    refused: answers.filter(({ status }) => status >= 400 && status < 500).length,
  };
}
