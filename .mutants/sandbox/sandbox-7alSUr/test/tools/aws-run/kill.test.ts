import { describe, expect, it } from "vitest";
import { go, takeDownLater } from "../../../tools/aws-run/go.ts";
import { autoClock } from "./support/auto-clock.ts";
import { GO, machine, TEARDOWN } from "./support/machine.ts";
import { ScriptedAccount } from "./support/scripted-account.ts";

/** Runs until the process dies at a write, on a machine that is lost with it; whatever it left stands in the account. */
async function killedAt(at: number, when: "before" | "after"): Promise<ScriptedAccount> {
  const account = new ScriptedAccount(autoClock());
  const process = account.process({ at, when });
  await Promise.race([go(GO, machine(process)), process.died]);
  return account;
}

/** The writes of a whole run, its own teardown among them. */
async function writesOfARun(): Promise<number> {
  const account = new ScriptedAccount(autoClock());
  await go(GO, machine(account.process()));
  return account.writes;
}

describe("a run that is killed", () => {
  it("is found and removed by its tags from anywhere, whichever write it died upon, before or after AWS had carried it out", async () => {
    const writes = await writesOfARun();
    expect(writes).toBeGreaterThan(100);
    const stranded: string[] = [];
    let left = 0;
    for (let at = 1; at <= writes; at++) {
      for (const when of ["before", "after"] as const) {
        const account = await killedAt(at, when);
        left += account.standing.size > 0 ? 1 : 0;
        const elsewhere = machine(account.process());
        const ended = await takeDownLater(TEARDOWN, elsewhere).catch((error: Error) => error.message);
        if (ended !== 0 || account.standing.size > 0) stranded.push(`${at} ${when}: ${ended}`);
      }
    }
    expect(stranded).toEqual([]);
    // But for those before the first and after the last thing, each did leave something.
    expect(left).toBeGreaterThan(2 * writes - 12);
  });

  it("is removed by teardowns that are themselves killed again and again", async () => {
    const account = await killedAt(70, "after");
    const stood = account.standing.size;
    for (let times = 0; times < 20; times++) {
      const process = account.process({ at: 2, when: times % 2 === 0 ? "before" : "after" });
      await Promise.race([takeDownLater(TEARDOWN, machine(process)), process.died]);
    }
    expect(account.standing.size).toBeLessThan(stood);
    expect(await takeDownLater(TEARDOWN, machine(account.process()))).toBe(0);
    expect([...account.standing.keys()]).toEqual([]);
  });
});

describe("a run that is interrupted", () => {
  const pressed = (pressAt: RegExp, times: number) => {
    const account = new ScriptedAccount(autoClock());
    const run = machine(account.process());
    let left = times;
    const tell = (line: string) => {
      run.tell(line);
      if (pressAt.test(line)) for (; left > 0; left--) run.press();
    };
    return { account, run, ended: go(GO, { ...run, tell }) };
  };

  it.each([
    /^run t/,
    /^base: a load/,
    /^shift: /,
    /^release: a stack/,
    /^traffic: /,
    /^rights: /,
    /^alarms: /,
  ])("takes everything down after Ctrl-C at %s, and ends as a shell has it", async (when) => {
    const { account, run, ended } = pressed(when, 1);
    expect(await ended).toBe(130);
    expect([...account.standing.keys()]).toEqual([]);
    expect(run.kept).toHaveLength(1);
    expect(run.left).toEqual([]);
  });

  it("says at the second Ctrl-C what may be left and the command that removes it, and leaves", async () => {
    const { run, ended } = pressed(/^traffic: /, 2);
    await ended;
    expect(run.left).toEqual([130]);
    expect(run.told.join("\n")).toContain(
      "left as it is; it may cost money until it is gone: npm run test:aws -- --teardown --account 123456789012 --region us-east-1 --run t2611291405nn",
    );
  });
});
