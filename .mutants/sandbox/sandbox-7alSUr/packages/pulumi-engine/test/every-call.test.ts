import { describe, expect, it } from "vitest";

import { NoAnswer, PartialFailure, type Provider } from "../values/provider.ts";
import { bench, urn, type Declared } from "./support/bench.ts";
import { fakeCloud, type FakeCloud } from "./support/fake-provider.ts";

/** Every verb: `net` is replaced, `group` and `route` change, `extra` is new, `old` and what needs it go. */
const BEFORE: Declared[] = [
  { name: "net", inputs: { cidr: "10.0.0.0/16" } },
  { name: "group", inputs: { port: 80 }, needs: ["net"] },
  { name: "old", inputs: { size: 1 }, needs: ["net"] },
  { name: "older", inputs: { size: 1 }, needs: ["old"] },
  { name: "route", inputs: { weight: 0 }, needs: ["group"] },
];
const AFTER: Declared[] = [
  { name: "net", inputs: { cidr: "10.1.0.0/16" } },
  { name: "group", inputs: { port: 81 }, needs: ["net"] },
  { name: "extra", inputs: { size: 1 }, needs: ["group"] },
  { name: "route", inputs: { weight: 10 }, needs: ["extra"] },
];

type Mishap = (carryOut: () => Promise<unknown>) => Promise<never>;

/** What can become of a call. The engine is told, or killed; the cloud has carried it out, or not. */
const MISHAPS: Readonly<Record<string, Mishap>> = {
  "is refused": () => Promise.reject(new Error("quota")),
  "leaves a half-made resource": async (carryOut) => {
    const made = await carryOut();
    if (made === undefined) throw new Error("still in use");
    // What `act` below answers for a creation and for an update.
    const { id, outputs } = made as { id: string; outputs: Record<string, unknown> };
    throw new PartialFailure("not healthy", id, outputs);
  },
  "is carried out, and the answer is lost": async (carryOut) => {
    await carryOut();
    throw new NoAnswer("connection reset");
  },
  "never reaches the cloud, and no answer comes": () => Promise.reject(new NoAnswer("connection reset")),
};

/** The cloud, with `mishap` at the call number `nth` (from 1) that changes something. */
function withMishap(cloud: FakeCloud, nth: number, mishap: Mishap) {
  const { create, update, delete: remove } = cloud.provider;
  let calls = 0;
  const act = async <T>(carryOut: () => Promise<T>): Promise<T> => {
    calls += 1;
    return calls === nth ? mishap(carryOut) : carryOut();
  };
  const provider: Provider = {
    ...cloud.provider,
    create: (request) => act(() => create(request)),
    update: (request) => act(async () => ({ ...(await update(request)), id: request.id })),
    delete: (request) => act(() => remove(request)),
  };
  return { provider, happened: () => calls >= nth };
}

function newBench(deleteBeforeReplace: boolean) {
  const cloud = fakeCloud();
  cloud.replaceOn.add("cidr");
  cloud.deleteBeforeReplace = deleteBeforeReplace;
  return { cloud, stack: bench(cloud) };
}
type Bench = ReturnType<typeof newBench>;

/** Whatever exists is in the state, or named there as a creation that was begun. */
function expectNothingLost({ cloud, stack }: Bench): void {
  const known = stack.saved.resources.map(({ id }) => id);
  const begun = stack.saved.pending.map(({ urn }) => urn);
  const lost = [...cloud.world].filter(([id, { urn }]) => !known.includes(id) && !begun.includes(urn));
  expect(lost).toEqual([]);
}

/** The next update completes, and the one after that has nothing to do. */
async function expectToContinue({ cloud, stack }: Bench, program: Declared[]): Promise<void> {
  const next = await stack.deploy(program);
  expect(next).toMatchObject({ succeeded: true, errors: [] });
  const wanted = program.map(({ name, inputs }) => ({ urn: urn(name), inputs }));
  const real = [...cloud.world.values()].map(({ urn, inputs }) => ({ urn, inputs }));
  const byUrn = (a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : 1);
  expect(real.sort(byUrn)).toEqual(wanted.sort(byUrn));
  expect(stack.saved.pending).toEqual([]);
  cloud.log.length = 0;
  expect((await stack.deploy(program)).succeeded).toBe(true);
  expect(cloud.log).toEqual([]);
}

const UPDATES = [
  { name: "a first update", from: [], to: BEFORE, deleteFirst: false, calls: 5 },
  { name: "an update of everything", from: BEFORE, to: AFTER, deleteFirst: false, calls: 7 },
  {
    name: "an update of everything in which deletion comes before the replacement",
    from: BEFORE,
    to: AFTER,
    deleteFirst: true,
    calls: 7,
  },
  { name: "an update back to nothing", from: BEFORE, to: [], deleteFirst: false, calls: 5 },
];

describe.each(UPDATES)("$name, whichever of its calls", ({ from, to, deleteFirst, calls }) => {
  const eachCall = Array.from({ length: calls }, (_, index) => index + 1);

  it.each(Object.entries(MISHAPS))(
    "%s: nothing is lost, and the next update completes it",
    async (_, mishap) => {
      for (const nth of eachCall) {
        const it = newBench(deleteFirst);
        await it.stack.deploy(from);
        const { provider } = it.cloud;
        const broken = withMishap(it.cloud, nth, mishap);
        it.cloud.provider = broken.provider;
        const { succeeded, errors } = await it.stack.deploy(to);
        expect({ nth, happened: broken.happened(), succeeded, errors: errors.length }).toEqual({
          nth,
          happened: true,
          succeeded: false,
          errors: 1,
        });
        expectNothingLost(it);
        it.cloud.provider = provider;
        await expectToContinue(it, to);
      }
    },
  );

  it.each(["before", "after"])(
    "the engine is killed at, %s the cloud carried it out: the same",
    async (when) => {
      for (const nth of eachCall) {
        const it = newBench(deleteFirst);
        await it.stack.deploy(from);
        const { provider } = it.cloud;
        const left = { saved: it.stack.saved, world: new Map(it.cloud.world) };
        const remember = () => Object.assign(left, { saved: it.stack.saved, world: new Map(it.cloud.world) });
        it.cloud.provider = withMishap(it.cloud, nth, async (carryOut) => {
          if (when === "before") remember();
          await carryOut();
          if (when === "after") remember();
          throw new Error("killed");
        }).provider;
        const { errors } = await it.stack.deploy(to);
        expect(errors).toEqual(["killed"]);
        // What was on disk, and what existed, at that moment; the dead engine did nothing more.
        it.stack.saved = left.saved;
        it.cloud.world.clear();
        for (const [id, resource] of left.world) it.cloud.world.set(id, resource);
        it.cloud.provider = provider;
        expectNothingLost(it);
        await expectToContinue(it, to);
      }
    },
  );

  it(`there are ${calls}`, async () => {
    const it = newBench(deleteFirst);
    await it.stack.deploy(from);
    it.cloud.log.length = 0;
    await it.stack.deploy(to);
    expect(it.cloud.log).toHaveLength(calls);
  });
});
