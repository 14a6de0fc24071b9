import { describe, expect, it } from "vitest";

import { NoAnswer, PartialFailure } from "../values/provider.ts";
import { bench, urn } from "./support/bench.ts";
import { fakeCloud } from "./support/fake-provider.ts";

const net = { name: "net", inputs: { cidr: "10.0.0.0/16" } };
const group = { name: "group", inputs: { port: 80 }, needs: ["net"] };
const route = { name: "route", inputs: { weight: 0 }, needs: ["group"] };

function newBench() {
  const cloud = fakeCloud();
  return { cloud, stack: bench(cloud) };
}

describe("when something fails", () => {
  it("records what was done, keeps the last good outputs, and the next update continues", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net], { outputs: { version: 1 } });
    cloud.log.length = 0;
    cloud.failOn.set("create group", new Error("quota"));
    const failed = await stack.deploy([{ ...net, inputs: { cidr: "x" } }, group, route], {
      outputs: { version: 2 },
    });
    expect(failed).toMatchObject({ succeeded: false, errors: ["quota"], counts: { update: 1 } });
    expect(stack.saved.outputs).toEqual({ version: 1 });
    expect(stack.saved.pending).toEqual([]);
    const again = await stack.deploy([{ ...net, inputs: { cidr: "x" } }, group, route], {
      outputs: { version: 2 },
    });
    expect(again).toMatchObject({ succeeded: true, counts: { create: 2, same: 2 } });
    expect(cloud.log).toEqual(["update net", "create group", "create route"]);
    expect(stack.saved.outputs).toEqual({ version: 2 });
  });

  it("deletes nothing that the program did not get to", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net, group, route]);
    cloud.failOn.set("update net", new Error("throttled"));
    await stack.deploy([{ ...net, inputs: { cidr: "x" } }, group, route]);
    expect(cloud.world.size).toBe(3);
    expect(stack.saved.resources).toHaveLength(3);
  });

  it("keeps a half-made resource and tries again to bring it to its goal", async () => {
    const { cloud, stack } = newBench();
    cloud.failOn.set("create net", new PartialFailure("not healthy", "id-1", { arn: "arn:id-1" }));
    const failed = await stack.deploy([net]);
    const again = await stack.deploy([net]);
    expect(failed.errors).toEqual(["not healthy"]);
    expect(again.counts).toEqual({ update: 1 });
    expect(cloud.log).toEqual(["create net", "update net"]);
    expect(stack.saved.resources[0]).not.toHaveProperty("initErrors");
  });

  it("leaves the old resource alone when its replacement could not be made", async () => {
    const { cloud, stack } = newBench();
    cloud.replaceOn.add("cidr");
    await stack.deploy([net]);
    cloud.failOn.set("create net", new Error("quota"));
    await stack.deploy([{ ...net, inputs: { cidr: "x" } }]);
    const back = await stack.deploy([net]);
    expect(back.counts).toEqual({ same: 1 });
    expect(cloud.world.size).toBe(1);
  });

  it("deletes the replaced resource in the next update when that failed", async () => {
    const { cloud, stack } = newBench();
    cloud.replaceOn.add("cidr");
    await stack.deploy([net]);
    cloud.failOn.set("delete net", new Error("in use"));
    const failed = await stack.deploy([{ ...net, inputs: { cidr: "x" } }]);
    expect(failed.succeeded).toBe(false);
    expect(cloud.world.size).toBe(2);
    const next = await stack.deploy([{ ...net, inputs: { cidr: "x" } }]);
    expect(next).toMatchObject({ succeeded: true, counts: { same: 1 } });
    expect(cloud.world.size).toBe(1);
    expect(stack.saved.resources).toHaveLength(1);
  });

  it("keeps what a resource needs when that resource could not be deleted", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net, group, route]);
    cloud.failOn.set("delete group", new Error("in use"));
    const failed = await stack.deploy([]);
    expect(failed.errors).toEqual(["in use"]);
    expect(stack.saved.resources.map((state) => state.urn)).toEqual([urn("net"), urn("group")]);
  });

  it("says on disk that a creation has begun, before it begins", async () => {
    const { cloud, stack } = newBench();
    let during: string[] = [];
    cloud.before = async () => {
      during = stack.saved.pending.map((operation) => operation.urn);
    };
    await stack.deploy([net]);
    expect(during).toEqual([urn("net")]);
    expect(stack.saved.pending).toEqual([]);
  });

  it("keeps a creation open when the provider's answer never came", async () => {
    const { cloud, stack } = newBench();
    cloud.failOn.set("create net", new NoAnswer("connection reset"));
    await stack.deploy([net]);
    expect(stack.saved.pending.map((operation) => operation.urn)).toEqual([urn("net")]);
    await stack.deploy([net]);
    expect(stack.saved.pending).toEqual([]);
  });

  it("starts nothing more once it is stopped, and records what was in flight", async () => {
    const { cloud, stack } = newBench();
    cloud.before = async (operation) => {
      if (operation === "create net") stack.control.stop();
    };
    const stopped = await stack.deploy([net, group]);
    expect(stopped.succeeded).toBe(false);
    expect(cloud.log).toEqual(["create net"]);
    expect(stack.saved.resources.map((state) => state.urn)).toEqual([urn("net")]);
  });
});

describe("--target", () => {
  it("changes only the targets; the others keep their state whatever the program says", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net, group, route], { outputs: { weight: 0 } });
    cloud.log.length = 0;
    const changed = [
      { ...net, inputs: { cidr: "x" } },
      { name: "extra" },
      { ...route, inputs: { weight: 9 }, needs: [] },
    ];
    const targeted = await stack.deploy(changed, { targets: [urn("route")], outputs: { weight: 9 } });
    expect(targeted.counts).toEqual({ update: 1, same: 2 });
    expect(cloud.log).toEqual(["update route"]);
    expect(stack.saved.resources.find((state) => state.urn === urn("net"))?.inputs).toEqual(net.inputs);
    expect(stack.saved.outputs).toEqual({ weight: 9 });
    expect(targeted.registered.get("extra")?.skipped).toBe(true);
  });

  it("takes dependents along when asked, and glob patterns", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net, group, route]);
    cloud.log.length = 0;
    const changed = [net, { ...group, inputs: { port: 81 } }, { ...route, inputs: { weight: 9 } }];
    await stack.deploy(changed, { targets: ["**::group"], targetDependents: true });
    expect(cloud.log).toEqual(["update group", "update route"]);
  });

  it("refuses a target that needs a resource which does not exist yet", async () => {
    const { stack } = newBench();
    const failed = await stack.deploy([net, group], { targets: [urn("group")] });
    expect(failed.errors[0]).toContain(`depends on ${urn("net")}, which does not exist yet`);
  });

  it("refuses a target that is nowhere", async () => {
    const { stack } = newBench();
    const failed = await stack.deploy([net], { targets: [urn("nothing")] });
    expect(failed.errors).toEqual([`Target '${urn("nothing")}' not found in stack 'dev'`]);
  });
});
