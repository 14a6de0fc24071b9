import type { Clients } from "../aws/clients.ts";
import type { Images } from "../options.ts";
import type { RunClock } from "../teardown.ts";
import { RUN_TAG, runName } from "../things.ts";
import type { Base } from "./base-types.ts";

/** An answer to a user, or that there was none. */
export interface Answer {
  readonly status: number;
  /** `modelVersion` of the body; undefined: it had none. */
  readonly version: string | undefined;
  /** Cookies that it set, as a request sends them back. */
  readonly cookies: string;
}

/** People who use what the run has made. */
export interface Users {
  /** The address that the run's requests come from. */
  address(): Promise<string>;
  /** @param patienceMs after which the user leaves, which gives undefined; so does a broken connection. */
  ask(
    url: string,
    how?: { readonly cookies?: string; readonly patienceMs?: number },
  ): Promise<Answer | undefined>;
}

/** Pulumi and the product's own verbs, in a checkout with state of the run's own. */
export interface Shell {
  /** One command, to its end. */
  run(
    program: "pulumi" | "bluegreen",
    args: readonly string[],
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  /** Writes the configuration into the stack's file, which `stack init` may have begun. */
  configure(stack: string, config: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface Context {
  readonly run: string;
  readonly region: string;
  readonly clients: Clients;
  readonly clock: RunClock;
  readonly users: Users;
  readonly images: Images;
  /** Subnets to stand in; none: those of the default VPC. */
  readonly subnets: readonly string[];
  /** undefined: there is no Pulumi CLI. */
  readonly shell: Shell | undefined;
  /** What most requests and the zones stand on; fails when it could not be made. */
  readonly base: () => Promise<Base>;
  readonly tell: (line: string) => void;
}

/** The run's tag, as ELB, CloudWatch and ACM take it; ECS has it in small letters. */
export const tagsOf = (run: string) => [
  { Key: RUN_TAG, Value: run },
  { Key: "Name", Value: runName(run) },
];
export const ecsTagsOf = (run: string) => tagsOf(run).map(({ Key: key, Value: value }) => ({ key, value }));

/** Looks every so many seconds until it is so; the seconds until then, or undefined after `mostSeconds`. */
export async function secondsUntil(
  clock: RunClock,
  look: () => Promise<boolean>,
  mostSeconds: number,
  everySeconds = 1,
): Promise<number | undefined> {
  const startMs = clock.now();
  for (;;) {
    const seconds = Math.round((clock.now() - startMs) / 1000);
    if (await look()) return seconds;
    if (seconds >= mostSeconds) return undefined;
    await clock.sleep(everySeconds * 1000);
  }
}
