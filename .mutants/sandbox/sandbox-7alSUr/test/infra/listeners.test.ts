import { describe, expect, test } from "vitest";
import { isRecord } from "../../contract/config/field.ts";
import { find, runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import { HTTPS, TWO_SLOTS, TYPE } from "./configs.ts";

const SECURE = { ...TWO_SLOTS, service: HTTPS };
const FREE = { service: { allowInPlace: true }, rollout: { protect: false } };
const withFree = (written: typeof TWO_SLOTS & { readonly service?: object }) => ({
  ...written,
  ...FREE,
  service: { ...written.service, ...FREE.service },
});

/** Ports by the listeners' names in the program. */
const portsOf = (run: ProgramRun) =>
  new Map(
    run.resources
      .filter(({ type }) => type === TYPE.listener)
      .map(({ name, inputs }) => [name, inputs["port"]]),
  );
const listenerOfRoute = (run: ProgramRun) => {
  const arn = String(find(run, `${TYPE.rule}::route`).inputs["listenerArn"]);
  return arn.slice(arn.lastIndexOf("/") + 1);
};
const outputsOf = ({ outputs }: ProgramRun) => (isRecord(outputs) ? outputs : {});

/** What an earlier version left behind: it remembered no entrance, and its listeners changed places. */
const asOfEarlierVersion = (run: ProgramRun, scheme: string) => {
  const { entrance: _, ...outputs } = outputsOf(run);
  return { ...outputs, url: `${scheme}://lb.example.com` };
};

/** In the order of the updates: whatever came before, and what is deployed next. */
async function deployed(first: ProgramRun, ...configs: readonly (typeof TWO_SLOTS)[]) {
  const runs = [first];
  for (const config of configs) runs.push(await runProgram(config, "dev", outputsOf(runs.at(-1) ?? first)));
  return runs;
}

describe("The ports of a listener", () => {
  test("never change: Pulumi deletes last, so whoever moved to a port would find it taken", async () => {
    const plain = withFree(TWO_SLOTS);
    const secure = withFree(SECURE);
    const runs = await deployed(await runProgram(plain), secure, plain, secure);
    const seen = runs.map(portsOf);
    for (const [index, now] of seen.entries()) {
      const before = seen[index - 1] ?? now;
      const both = new Map([...before, ...now]);
      for (const [name, port] of before) expect(both.get(name)).toBe(port);
      // ELB: a load balancer has one listener for each port, and the old ones are still there.
      expect(new Set(both.values()).size).toBe(both.size);
    }
    expect(seen.map((ports) => [...ports.values()].toSorted())).toEqual([[80], [443, 80], [80], [443, 80]]);
    expect(runs.map(listenerOfRoute)).toEqual(["listener", "https", "listener", "https"]);
  });

  test("stay those of the listeners that an earlier version made with a certificate", async () => {
    const first = await runProgram(withFree(SECURE));
    const older = asOfEarlierVersion(first, "https");
    const same = await runProgram(withFree(SECURE), "dev", older);
    expect(portsOf(same)).toEqual(
      new Map([
        ["listener", 443],
        ["redirect", 80],
      ]),
    );
    expect(listenerOfRoute(same)).toBe("listener");
    const [, plain, again] = await deployed(same, withFree(TWO_SLOTS), withFree(SECURE));
    expect(plain && portsOf(plain)).toEqual(new Map([["redirect", 80]]));
    expect(again && portsOf(again)).toEqual(portsOf(same));
  });

  test("stay those of the listener that an earlier version made without one", async () => {
    const older = asOfEarlierVersion(await runProgram(TWO_SLOTS), "http");
    const run = await runProgram(withFree(SECURE), "dev", older);
    expect(portsOf(run)).toEqual(
      new Map([
        ["https", 443],
        ["listener", 80],
      ]),
    );
  });
});
