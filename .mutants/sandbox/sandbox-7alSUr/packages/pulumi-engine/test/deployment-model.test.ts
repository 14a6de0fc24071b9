import fc from "fast-check";
import { expect, it } from "vitest";

import { bench, urn, type Declared } from "./support/bench.ts";
import { fakeCloud } from "./support/fake-provider.ts";

interface Update {
  /** By name: what the resource should be, and which lower names it needs; absent: not in the program. */
  resources: ({ size: number; kind: number; needs: boolean[] } | undefined)[];
  /** The operation at which the provider fails once. */
  failure: { verb: "create" | "update" | "delete"; name: number } | undefined;
}

const NAMES = ["a", "b", "c", "d", "e"];

const resource = fc.record({
  size: fc.integer({ min: 0, max: 2 }),
  kind: fc.integer({ min: 0, max: 1 }),
  needs: fc.array(fc.boolean(), { minLength: NAMES.length, maxLength: NAMES.length }),
});
const failure = fc.record({
  verb: fc.constantFrom("create" as const, "update" as const, "delete" as const),
  name: fc.nat({ max: NAMES.length - 1 }),
});
const update: fc.Arbitrary<Update> = fc.record({
  resources: fc.array(fc.option(resource, { nil: undefined }), {
    minLength: NAMES.length,
    maxLength: NAMES.length,
  }),
  failure: fc.option(failure, { nil: undefined, freq: 2 }),
});

function declare({ resources }: Update): Declared[] {
  return NAMES.flatMap((name, index) => {
    const wanted = resources[index];
    if (wanted === undefined) return [];
    const needs = NAMES.filter(
      (_, other) => other < index && wanted.needs[other] && resources[other] !== undefined,
    );
    // A change of `kind` is a replacement.
    return [{ name, inputs: { size: wanted.size, kind: wanted.kind }, needs }];
  });
}

it("whatever programs are deployed, and whatever fails on the way, the world ends as the last program says", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(update, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (updates, deleteFirst) => {
        const cloud = fakeCloud();
        cloud.replaceOn.add("kind");
        cloud.deleteBeforeReplace = deleteFirst;
        const stack = bench(cloud);
        for (const each of updates) {
          cloud.failOn.clear();
          if (each.failure)
            cloud.failOn.set(`${each.failure.verb} ${NAMES[each.failure.name]}`, new Error("no"));
          const { succeeded } = await stack.deploy(declare(each));
          // Nothing that exists is unknown to the state, also after a failure.
          const known = stack.saved.resources.map((state) => state.id);
          expect([...cloud.world.keys()].filter((id) => !known.includes(id))).toEqual([]);
          if (succeeded) expectWorld(cloud.world, each);
        }
        const last = updates.at(-1);
        if (last === undefined) return;
        cloud.failOn.clear();
        await stack.deploy(declare(last));
        expectWorld(cloud.world, last);
        cloud.log.length = 0;
        const again = await stack.deploy(declare(last));
        expect(cloud.log).toEqual([]);
        expect(again.succeeded).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

function expectWorld(world: Map<string, { urn: string; inputs: unknown }>, wanted: Update): void {
  const actual = [...world.values()].map(({ urn, inputs }) => ({ urn, inputs }));
  const expected = declare(wanted).map(({ name, inputs }) => ({ urn: urn(name), inputs }));
  const byUrn = (a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : 1);
  expect(actual.toSorted(byUrn)).toEqual(expected.toSorted(byUrn));
}
