import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Slot } from "../../../contract/slot.ts";
import type { World } from "./world.ts";

/** A model server that nobody of ours has started: a pod, an instance, a machine in a cellar. */
export interface Server {
  readonly port: number;
  /** SIGTERM, as whoever runs it sends it; resolves when it has gone. */
  stop(): Promise<void>;
}

/** Whoever runs models beside the stack, and fills its slots by ELB's own API alone. */
export interface Owner {
  start(...args: string[]): Promise<Server>;
  /** In both target groups of the slot, as one TargetGroupBinding for each does it. */
  register(slot: Slot, ...servers: readonly Server[]): Promise<void>;
  deregister(slot: Slot, ...servers: readonly Server[]): Promise<void>;
  /** Ends all servers. */
  leave(): Promise<void>;
}

export function anOwner({ see, place }: World): Owner {
  const elb = new ElasticLoadBalancingV2Client(see.sdk);
  const servers: Server[] = [];
  const inBoth = async (slot: Slot, some: readonly Server[]) => {
    const { targetGroupArn, testTargetGroupArn } = (await see.outputs()).slots[slot];
    const Targets = some.map(({ port }) => ({ Id: "127.0.0.1", Port: port }));
    return [targetGroupArn, testTargetGroupArn].map((TargetGroupArn) => ({ TargetGroupArn, Targets }));
  };
  return {
    async start(...args) {
      const child = spawn(process.execPath, [join(place.root, "examples/digits/service.ts"), ...args], {
        env: { PATH: process.env["PATH"], PORT: "0" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(child, "exit");
      const lines = createInterface({ input: child.stdout });
      const [line] = await Promise.race([
        once(lines, "line"),
        ended.then(() => {
          throw new Error("the server ended before it listened");
        }),
      ]);
      const port = Number(/:(\d+)/.exec(String(line))?.[1]);
      const stop = async () => {
        child.kill("SIGTERM");
        await ended;
      };
      const server = { port, stop };
      servers.push(server);
      return server;
    },
    async register(slot, ...some) {
      for (const one of await inBoth(slot, some)) await elb.send(new RegisterTargetsCommand(one));
    },
    async deregister(slot, ...some) {
      for (const one of await inBoth(slot, some)) await elb.send(new DeregisterTargetsCommand(one));
    },
    async leave() {
      elb.destroy();
      await Promise.all(servers.map(({ stop }) => stop()));
    },
  };
}
