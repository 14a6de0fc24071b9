import { writeEndpoint } from "../../cli/local/endpoint.ts";
import { otherSlot, isSlot, type Slot } from "../../contract/slot.ts";
import { aStack, type Given, type World } from "../scenario/support/world.ts";
import { ALL_PASSES } from "../scenario/support/thresholds.ts";
import type { Users } from "../scenario/support/users.ts";
import { untilIn } from "../kill/patience.ts";
import { openTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

/** A stack under users, and between its verbs and its cloud a network that can break. */
export interface FaultWorld {
  readonly world: World;
  readonly network: TcpProxy;
  readonly users: Users;
  /** Another model on the other slot, a good one unless said; answers with its slot. */
  deployed(image?: string): Promise<Slot>;
  close(): Promise<void>;
}

const SKEW = ["--import", new URL("./clock-skew.ts", import.meta.url).pathname];

/** `own`: thresholds and keys of `rollout` in place of those with which only good models are released. */
export async function openFaultWorld(own: Pick<Given, "thresholds" | "rollout"> = {}): Promise<FaultWorld> {
  const world = await aStack({
    speed: 60,
    thresholds: own.thresholds ?? ALL_PASSES,
    rollout: { steps: [50, 100], bakeMinutes: 10, ...own.rollout },
    blue: { image: "digits:1", modelVersion: "1" },
    green: { image: "digits:2", modelVersion: "2" },
    nodeArguments: SKEW,
  });
  // A signature covers the host that was asked: the gate behind the network signs for the cloud (resign.ts).
  const gate = await world.gate();
  const network = await openTcpProxy(Number(new URL(gate.url).port));
  await writeEndpoint(world.place, { ...world.endpoint, url: `http://127.0.0.1:${network.port}` });
  const users = world.users(60);
  let version = 0;
  return {
    world,
    network,
    users,
    async deployed(image) {
      const { activeSlot } = await world.see.standing();
      if (!isSlot(activeSlot)) throw new Error(`no slot is called ${activeSlot}`);
      version += 1;
      const good = version % 2 === 0 ? "digits:2" : "digits:1";
      const said = await world.deploy(image ?? good, `f${version}`);
      if (said.exitCode !== 0) throw new Error(`deploy: ${said.sentence ?? said.error?.message}`);
      return otherSlot(activeSlot);
    },
    async close() {
      network.block();
      await world.close();
      await network.close();
    },
  };
}

/** A rollout that has just given a new candidate its first users. `other`: the slot of all other users. */
export async function begunRollout(given: FaultWorld, image?: string) {
  const { world } = given;
  const candidate = await given.deployed(image);
  const fromMs = Date.now();
  const rollout = world.start("rollout", "--skip-tests", "--json");
  await untilIn(`the first users of ${candidate}`, async () => (await world.see.live())[candidate] > 0);
  return { rollout, fromMs, candidate, other: otherSlot(candidate) };
}
