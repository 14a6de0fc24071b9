import { describe, expect, it } from "vitest";

import { Stopped } from "../deployment/control.ts";
import { plainGoal } from "../deployment/goal.ts";
import { UNKNOWN, type ComponentProvider } from "../values/provider.ts";
import { secret } from "../values/values.ts";
import { bench, urn } from "./support/bench.ts";
import { fakeCloud } from "./support/fake-provider.ts";

const net = { name: "net", inputs: { cidr: "10.0.0.0/16" } };
const group = { name: "group", inputs: { port: 80 }, needs: ["net"] };
const route = { name: "route", inputs: { weight: 0 }, needs: ["group"] };

function newBench() {
  const cloud = fakeCloud();
  return { cloud, stack: bench(cloud) };
}

describe("what a deployment does to resources", () => {
  it("creates a resource after everything that it needs", async () => {
    const { cloud, stack } = newBench();
    const first = await stack.deploy([net, group, route]);
    expect(first.counts).toEqual({ create: 3 });
    expect(cloud.log).toEqual(["create net", "create group", "create route"]);
  });

  it("updates exactly the resource whose inputs changed", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net, group, route]);
    cloud.log.length = 0;
    const second = await stack.deploy([net, group, { ...route, inputs: { weight: 25 } }]);
    expect(second.counts).toEqual({ same: 2, update: 1 });
    expect(cloud.log).toEqual(["update route"]);
    expect(second.registered.get("route")?.outputs["weight"]).toBe(25);
  });

  it("deletes what left the program, dependents first", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net, group, route]);
    cloud.log.length = 0;
    const second = await stack.deploy([net]);
    expect(second.counts).toEqual({ same: 1, delete: 2 });
    expect(cloud.log).toEqual(["delete route", "delete group"]);
    expect(stack.saved.resources.map((state) => state.urn)).toEqual([urn("net")]);
  });

  it("deletes a component's children after those who depend on the component", async () => {
    const { cloud, stack } = newBench();
    const parts = [
      { name: "box", type: "test:index:Box", custom: false },
      { name: "inside", parent: urn("box", "test:index:Box") },
    ];
    await stack.deploy([...parts, { name: "user", needs: ["box"] }]);
    cloud.log.length = 0;
    await stack.deploy([]);
    expect(cloud.log).toEqual(["delete user", "delete inside"]);
  });

  it("replaces by creating first and deleting the old one after the program", async () => {
    const { cloud, stack } = newBench();
    cloud.replaceOn.add("port");
    await stack.deploy([net, group, route]);
    cloud.log.length = 0;
    const second = await stack.deploy([
      net,
      { ...group, inputs: { port: 81 } },
      { ...route, inputs: { weight: 1 } },
    ]);
    expect(second.counts).toEqual({ same: 1, replace: 1, update: 1 });
    expect(cloud.log).toEqual(["create group", "update route", "delete group"]);
    expect([...cloud.world.values()].map(({ inputs }) => inputs)).toContainEqual({ port: 81 });
    expect(cloud.world.size).toBe(3);
  });

  it("replaces by deleting first, dependents that must be replaced too before it, when both cannot exist", async () => {
    const { cloud, stack } = newBench();
    cloud.replaceOn.add("port").add("target");
    const user = {
      name: "user",
      inputs: { target: "group" },
      needs: ["group"],
      propertyDependencies: { target: [urn("group")] },
    };
    await stack.deploy([net, group, user]);
    cloud.log.length = 0;
    cloud.deleteBeforeReplace = true;
    const second = await stack.deploy([net, { ...group, inputs: { port: 81 } }, user]);
    expect(cloud.log).toEqual(["delete user", "delete group", "create group", "create user"]);
    expect(second.counts).toEqual({ same: 1, replace: 2 });
  });

  it("replaces on a change that replaceOnChanges names", async () => {
    const { stack } = newBench();
    await stack.deploy([net]);
    const second = await stack.deploy([
      { ...net, inputs: { cidr: "10.1.0.0/16" }, replaceOnChanges: ["cidr"] },
    ]);
    expect(second.counts).toEqual({ replace: 1 });
  });

  it("keeps a name that the provider made up, but gives a replacement one of its own", async () => {
    const { cloud, stack } = newBench();
    cloud.autonaming = true;
    cloud.replaceOn.add("cidr");
    const names = () => [...cloud.world.values()].map(({ inputs }) => inputs["name"]);
    await stack.deploy([net]);
    const first = names();
    await stack.deploy([{ ...net, inputs: { ...net.inputs, size: 1 } }]);
    expect(names()).toEqual(first);
    await stack.deploy([{ ...net, inputs: { cidr: "x" } }]);
    expect(names()).toHaveLength(1);
    expect(names()).not.toEqual(first);
  });

  it("takes over a resource that had another URN before", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([net, group]);
    cloud.log.length = 0;
    const second = await stack.deploy([
      { ...net, name: "network", aliases: [{ name: "net" }] },
      { ...group, needs: ["network"] },
    ]);
    expect(second.counts).toEqual({ same: 2 });
    expect(cloud.log).toEqual([]);
    expect(stack.saved.resources[1]?.dependencies).toEqual([urn("network")]);
  });

  it("refuses two resources of one URN", async () => {
    const { stack } = newBench();
    const twice = await stack.deploy([net, net]);
    expect(twice.succeeded).toBe(false);
    expect(twice.errors[0]).toContain(`Duplicate resource URN '${urn("net")}'`);
  });
});

describe("resource options", () => {
  it("protect keeps a resource from being deleted or replaced, by name, and nothing else is deleted", async () => {
    const { cloud, stack } = newBench();
    cloud.replaceOn.add("cidr");
    await stack.deploy([{ ...net, protect: true }, group]);
    cloud.log.length = 0;
    const replaced = await stack.deploy([{ ...net, inputs: { cidr: "x" }, protect: true }, group]);
    const gone = await stack.deploy([]);
    expect(replaced.errors[0]).toContain(`unable to replace resource "${urn("net")}"`);
    expect(gone.errors[0]).toContain(`unable to delete resource "${urn("net")}"`);
    expect(cloud.log).toEqual([]);
  });

  it("ignoreChanges keeps the deployed value at a path, and only there", async () => {
    const { cloud, stack } = newBench();
    const service = { name: "service", ignoreChanges: ["desired", "tags.owner"] };
    await stack.deploy([{ ...service, inputs: { desired: 1, tags: { owner: "a", team: "x" } } }]);
    const same = await stack.deploy([
      { ...service, inputs: { desired: 5, tags: { owner: "b", team: "x" } } },
    ]);
    await stack.deploy([{ ...service, inputs: { desired: 5, tags: { owner: "b", team: "y" } } }]);
    expect(same.counts).toEqual({ same: 1 });
    expect([...cloud.world.values()][0]?.inputs).toEqual({ desired: 1, tags: { owner: "a", team: "y" } });
  });

  it("retainOnDelete forgets the resource without deleting it", async () => {
    const { cloud, stack } = newBench();
    await stack.deploy([{ ...net, retainOnDelete: true }]);
    const second = await stack.deploy([]);
    expect(second.counts).toEqual({ delete: 1 });
    expect(cloud.world.size).toBe(1);
    expect(stack.saved.resources).toEqual([]);
  });

  it("keeps an input secret in the state and in outputs made from it", async () => {
    const { stack } = newBench();
    const inputs = { password: secret("correct horse"), url: "db://correct horse@host" };
    const { registered } = await stack.deploy([{ name: "db", inputs, additionalSecretOutputs: ["arn"] }]);
    expect(registered.get("db")?.outputs).toEqual({
      password: secret("correct horse"),
      url: secret("db://correct horse@host"),
      arn: secret("arn:id-1"),
    });
  });
});

describe("a remote component", () => {
  const box = plainGoal({ type: "test:index:Box", name: "box", custom: false, inputs: {}, protect: true });
  const components: ComponentProvider = {
    constructs: (type) => type === box.type,
    async construct({ name }, register) {
      const child = await register({ type: "test:index:Thing", name, inputs: { size: 1 } });
      return { outputs: { child: child.id } };
    },
  };

  it("has children of its own, which inherit its protection, and outputs", async () => {
    const { stack } = newBench();
    const { counts } = await stack.deploy([], {
      program: async (deployment) => {
        const { outputs } = await deployment.construct(box, components);
        expect(outputs).toEqual({ child: "id-1" });
      },
    });
    expect(counts).toEqual({ create: 2 });
    expect(stack.saved.resources[1]).toMatchObject({
      urn: "urn:pulumi:dev::bench::test:index:Box$test:index:Thing::box",
      protect: true,
    });
  });

  it("is left out by --target when it needs what is left out, and makes no children of what is not known", async () => {
    const { stack } = newBench();
    await stack.deploy([net]);
    const { counts, errors } = await stack.deploy([], {
      targets: [urn("net")],
      program: async (deployment) => {
        await deployment.register(
          plainGoal({ type: "test:index:Thing", name: "net", custom: true, inputs: net.inputs }),
        );
        const ground = plainGoal({ type: "test:index:Thing", name: "ground", custom: true, inputs: {} });
        expect((await deployment.register(ground)).skipped).toBe(true);
        const left = await deployment.construct({ ...box, dependencies: [urn("ground")] }, components);
        expect(left.skipped).toBe(true);
      },
    });
    expect([counts, errors]).toEqual([{ same: 1 }, []]);
  });

  it("that nobody can expand is refused by name", async () => {
    const { stack } = newBench();
    const { errors } = await stack.deploy([], {
      program: async (deployment) => {
        const constructed = deployment.construct({ ...box, type: "other:index:Box" }, components);
        await expect(constructed).rejects.toBeInstanceOf(Stopped);
      },
    });
    expect(errors[0]).toContain("does not support the remote component other:index:Box");
  });
});

describe("a preview", () => {
  it("changes nothing and leaves what is not known yet out of the answer", async () => {
    const { cloud, stack } = newBench();
    const planned = await stack.deploy([net], { planning: true });
    expect(planned.counts).toEqual({ create: 1 });
    expect(planned.registered.get("net")).toMatchObject({ id: undefined, outputs: net.inputs });
    expect(cloud.world.size).toBe(0);
    expect(stack.saved.resources).toEqual([]);
  });

  it("counts an update of an existing resource and answers with its outputs under the new inputs", async () => {
    const { stack } = newBench();
    await stack.deploy([net]);
    const planned = await stack.deploy([{ ...net, inputs: { cidr: UNKNOWN } }], { planning: true });
    expect(planned.counts).toEqual({ update: 1 });
    expect(planned.registered.get("net")?.outputs).toEqual({ cidr: UNKNOWN, arn: "arn:id-1" });
  });
});
