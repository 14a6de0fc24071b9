import type { Clients } from "../../../../tools/aws-run/aws/clients.ts";
import type { Json } from "../../../../tools/aws-run/aws/raw.ts";
import type { RunClock } from "../../../../tools/aws-run/teardown.ts";
import { AccountThings, type Handlers, type Input } from "./account-things.ts";
import { scriptedEcs } from "./scripted-ecs.ts";
import { scriptedElb } from "./scripted-elb.ts";
import { scriptedOthers } from "./scripted-others.ts";
import { scriptedWatching } from "./scripted-watching.ts";

/** A process that asks the account; `died` settles when it is killed, after which nothing of it goes on. */
export interface Process {
  readonly clients: Clients;
  readonly clock: RunClock;
  readonly died: Promise<void>;
}

/** A dead process waits for ever. */
const never = <T>() => new Promise<T>(() => {});

// What changes something. To a kill before or after any other call the account is as at the next one of these.
const WRITES = /^\S+ (Create|Put|Register|Run|Request|Modify|Authorize|Delete|Deregister|Stop|make)/;

/** An account of AWS in memory, as far as a run asks it; what is in use is not deleted, and some things go late. */
export class ScriptedAccount extends AccountThings {
  /** Service and operation of each call, and its input. */
  readonly asked: { readonly name: string; readonly input: Input }[] = [];
  calls = 0;
  writes = 0;

  /** A process's way to it. `death`: the write upon which it dies, before or after AWS has carried it out. */
  process(death?: { readonly at: number; readonly when: "before" | "after" }): Process {
    const { promise: died, resolve: die } = Promise.withResolvers<void>();
    let isDead = false;
    const first = this.writes;
    const handlers: Handlers = {
      ...scriptedElb(this),
      ...scriptedEcs(this),
      ...scriptedWatching(this),
      ...scriptedOthers(this),
    };
    const call = async (name: string, input: Input): Promise<unknown> => {
      if (isDead) return never();
      this.calls += 1;
      this.asked.push({ name, input });
      if (WRITES.test(name)) this.writes += 1;
      const isLast = death !== undefined && this.writes - first === death.at && WRITES.test(name);
      if (isLast) {
        isDead = true;
        die();
        if (death.when === "before") return never();
      }
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`the scripted account has no ${name}`);
      const answer = handler(input);
      return isLast ? never() : answer;
    };
    const client = (service: string) => ({
      send: (command: { readonly input: Input; readonly constructor: { readonly name: string } }) =>
        call(`${service} ${command.constructor.name.replace(/Command$/, "")}`, command.input),
    });
    const clients = {
      elb: client("elb"),
      ecs: client("ecs"),
      cloudWatch: client("cloudWatch"),
      scaling: client("scaling"),
      sts: client("sts"),
      raw: {
        query: (service: string, action: string, input: Input) => call(`${service} ${action}`, input),
        json: (service: string, action: string, input: Input) =>
          call(`${service} ${action}`, input) as Promise<Json>,
      },
    };
    // The SDK's send has a signature for each command; what each answers is held by the tests that use the answers.
    return {
      clients: clients as unknown as Clients,
      clock: {
        now: this.clock.now,
        sleep: (ms, signal) => (isDead ? never() : this.clock.sleep(ms, signal)),
      },
      died,
    };
  }
}
