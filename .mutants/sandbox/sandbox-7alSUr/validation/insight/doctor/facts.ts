import type { PerSlot } from "../../../contract/slot.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { AlarmReading, Reading, ServiceReading } from "../../core/observation.ts";
import type { Deployed } from "../../ports.ts";
import type { Leads } from "../../stack/way-in.ts";

/** Whose credentials these are; `refused`: AWS, or the machine, says that they are none. */
export type Caller =
  | { readonly kind: "known"; readonly account: string; readonly arn: string }
  | { readonly kind: "refused"; readonly why: string };

export interface Quota {
  readonly used: number;
  readonly limit: number;
}

export interface Quotas {
  readonly targetGroups: Quota;
  /** Rules of the load balancer, without defaults. */
  readonly rules: Quota;
}

export interface Certificate {
  /** Names that it is for. */
  readonly names: readonly string[];
  /** By which the model is called. */
  readonly hostName: string;
  /** Whether it is for that, too. */
  readonly covers: boolean;
  /** Epoch milliseconds. */
  readonly endsMs: number;
  /** Why a client would not trust it, the name aside; undefined: it would. */
  readonly distrust: string | undefined;
}

/** What `doctor` could find out, each with why if it could not. */
export interface Facts {
  /** `unclear`: no stack is named, or it is not clear where it stands. */
  readonly cloud: "local" | "aws" | "unclear";
  /** The stack in words, or what is wrong with the way it was named, and what fixes that. */
  readonly stack:
    | { readonly named: true; readonly name: string; readonly words: string }
    | { readonly named: false; readonly why: string; readonly fix: string };
  /** Whether the stack may be thrown away: what is unprotected in it is said, and nothing to fix. */
  readonly isThrowaway: boolean;
  /** Version of the `node` that this shell has without the project's own; undefined: none. */
  readonly shellNode: Reading<string | undefined>;
  readonly engine: Reading<string>;
  /** Where Pulumi keeps the state, and as whom. */
  readonly backend: Reading<string>;
  readonly region: Reading<string>;
  readonly caller: Reading<Caller>;
  readonly deployed: Reading<Deployed | undefined>;
  /**
   * Who encrypts the secrets, as the stack's file says: `passphrase`, or a key's address (`awskms://…`); undefined: it
   * does not say, and the backend decides.
   */
  readonly encryption: Reading<string | undefined>;
  readonly hasTestToken: Reading<boolean>;
  /**
   * `hosted`: a job of GitHub on a runner with no address of its own; `own`: a job on a runner that somebody chose;
   * undefined: no job.
   */
  readonly runner: "hosted" | "own" | undefined;
  /** As deployed, or as the checkout would deploy it. */
  readonly config: Reading<StackConfig>;
  /** Whether the stack's file has the secret. */
  readonly hasNotifyUrl: Reading<boolean>;
  readonly quotas: Reading<Quotas>;
  /** Most calls of DescribeAlarms in one minute of the last hours, of everybody in account and region. */
  readonly alarmCalls: Reading<number | undefined>;
  readonly certificate: Reading<Certificate>;
  /** Where the DNS leads users; undefined: they call the model by the load balancer's own name. */
  readonly leads: Reading<Leads | undefined>;
  /** Processors that the slot's image is built for, in Docker's words: amd64, arm64. */
  readonly platforms: PerSlot<Reading<readonly string[]>>;
  readonly services: Reading<ReadonlyMap<string, ServiceReading>>;
  readonly alarms: Reading<readonly AlarmReading[]>;
  /** Epoch milliseconds of the machine's clock. */
  readonly nowMs: number;
}

export const CHECKS = [
  "stack",
  "node",
  "engine",
  "backend",
  "credentials",
  "region",
  "quotas",
  "api-rate",
  "certificate",
  "dns",
  "image",
  "alarms",
  "secrets",
  "runners",
  "protection",
] as const;
/** What a job looks at before its first verb: the checkout tells, and nobody is asked. */
export const CHECKS_OF_JOBS: readonly CheckName[] = ["secrets", "runners"];
export type CheckName = (typeof CHECKS)[number];

/** `unknown` is never good news: it could not be checked. */
export interface Finding {
  readonly check: CheckName;
  readonly result: "ok" | "broken" | "unknown" | "notApplicable";
  readonly saw: string;
  readonly fix: string | undefined;
}
