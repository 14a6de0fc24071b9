import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { alone } from "../../../../validation/adapters/processes/alone.ts";

const MODULE = join(import.meta.dirname, "../../../../validation/adapters/processes/alone.ts");
const name = () => `test ${process.pid} ${Math.random()}`;

describe.runIf(process.platform === "linux")("alone", () => {
  test("lets one at a time in, and the others afterwards", async () => {
    const [key, log] = [name(), [] as string[]];
    const one = (who: string) =>
      alone(key, async () => {
        log.push(`${who} in`);
        await new Promise(setImmediate);
        log.push(`${who} out`);
        return who;
      });
    expect((await Promise.all([one("a"), one("b"), one("c")])).toSorted()).toEqual(["a", "b", "c"]);
    const order = log
      .filter((line) => line.endsWith("in"))
      .flatMap((line) => [line, line.replace("in", "out")]);
    expect(log).toEqual(order);
  });

  test("passes an error on, and lets the next one in", async () => {
    const key = name();
    await expect(alone(key, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await alone(key, async () => "yes")).toBe("yes");
  });

  test("is not held by who was killed", async () => {
    const key = name();
    const script = `
      const { alone } = await import(${JSON.stringify(MODULE)});
      await alone(process.argv[1], () => new Promise(() => console.log("in")));`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", script, key], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(other.stdout, "data");
    const waiting = alone(key, async () => "mine");
    other.kill("SIGKILL");
    expect(await waiting).toBe("mine");
  });
});
