import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { named, seededRandom, split, upstream, world } from "./support.ts";

/**
 * Bugs and gaps of other emulators and proxies that no other file here is about. Of the rest of them, these say it:
 * a group with weight 0 gets no request (split, choose-group); weights of several groups are honoured and read back
 * unchanged (split, operations); deregistered targets drain for the delay (draining); the cookie pins a group, not a
 * target (stickiness, sticky-cookie); invalid input is refused (rule-refusals, target-group-refusals).
 */
describe("a bug of another load balancer that ours does not have", () => {
  it("weights are applied to the groups and health within them, not the other way round (Caddy)", async () => {
    const w = await world({ random: seededRandom(11) });
    const [blue, green] = [await w.createGroup("blue"), await w.createGroup("green")];
    await w.createRule(1, [
      split([
        [blue, 50],
        [green, 50],
      ]),
    ]);
    const dying = [
      await upstream(named("blue")),
      await upstream(named("blue")),
      await upstream(named("blue")),
    ];
    for (const target of dying) await w.register(blue, target);
    await w.register(blue, await upstream(named("blue")));
    await w.register(green, await upstream(named("green")));
    for (const target of dying) {
      await target.close();
      const unhealthy = w.reaches(blue, target, "unhealthy");
      // Each check lets another health check of the dead target fail.
      while (w.elb.targetHealth(blue, target) !== "unhealthy") {
        w.clock.advance(30_000);
        await w.get();
      }
      await unhealthy;
    }
    const counts = { blue: 0, green: 0 };
    const requests = 600;
    for (let i = 0; i < requests; i += 1) {
      const { status, body } = await w.get();
      expect(status).toBe(200);
      counts[body === "blue" ? "blue" : "green"] += 1;
    }
    // One healthy target of four, and still half of the requests: 99.9 percent bounds.
    expect(Math.abs(counts.blue - requests / 2)).toBeLessThanOrEqual(3.2905 * Math.sqrt(requests / 4));
  });

  it("a target is asked over HTTP: one that merely accepts connections is not healthy (LocalEmu)", async () => {
    const w = await world();
    const group = await w.createGroup("blue");
    await w.createRule(1, [split([[group, 1]])]);
    const accepting = createServer((socket) => socket.end());
    accepting.listen(0, "127.0.0.1");
    await once(accepting, "listening");
    onTestFinished(() => void accepting.close());
    // A TCP server's address is an object.
    const { port } = accepting.address() as AddressInfo;
    const target = { host: "127.0.0.1", port };
    w.elb.registerTarget(group, target);
    while (w.elb.targetHealth(group, target) === "initial") {
      const checked = once(accepting, "connection");
      w.clock.advance(30_000);
      await checked;
    }
    expect(w.elb.targetHealth(group, target)).toBe("unhealthy");
  });

  it("registered is not healthy: before its first check a target is initial (moto, MiniStack, Yulin)", async () => {
    const w = await world();
    const group = await w.createGroup("blue");
    await w.createRule(1, [split([[group, 1]])]);
    const nobody = { host: "127.0.0.1", port: 1 };
    w.elb.registerTarget(group, nobody);
    expect(w.elb.targetHealth(group, nobody)).toBe("initial");
  });
});
