import { readFile } from "node:fs/promises";
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import { parse } from "yaml";
import { overtaken, writerIn } from "../../../contract/transition/writer.ts";
import { OUTPUTS } from "../../../test/validation/support/fake-pulumi.ts";

/** Values of a configuration as text, by whole keys. */
export type Config = Readonly<Record<string, string>>;

/** An update that has ended well. */
export interface Committed {
  readonly message: string;
  readonly config: Config;
}

export const MODELS = ["churn", "fraud"] as const;
export type BenchModel = (typeof MODELS)[number];

/**
 * A stack as Pulumi's file backend keeps it, in memory: one lock, which `up` takes or fails by (pkg/backend/diy/lock.go,
 * checkForLock), a history that is written at the end of an update and before the lock is gone (pkg/backend/diy/backend.go,
 * apply), and outputs that are written with it. Between any two of these steps others may act: whoever hands in `turn`
 * decides who. The program in it asks what ours asks under the lock (infra/config.ts).
 */
export class Backend {
  /** Newest last. */
  readonly updates: Committed[] = [];
  locks = 0;
  refusals = 0;
  private holder: string | undefined;
  private readonly turn: (actor: string) => Promise<void>;
  private readonly fails: () => boolean;

  /**
   * @param turn resolves when it is this actor's turn again.
   * @param fails whether the update that has just begun dies half way.
   */
  constructor(first: Config, turn: (actor: string) => Promise<void>, fails: () => boolean) {
    this.turn = turn;
    this.fails = fails;
    this.updates.push({ message: "", config: first });
  }

  get config(): Config {
    return this.updates.at(-1)?.config ?? {};
  }

  command(actor: string): PulumiCommand {
    const run = async (args: string[], _cwd: string, environment: Record<string, string>) => ({
      stdout: await this.answer(actor, args, environment),
      stderr: "",
      code: 0,
    });
    // What the Automation API uses of a command; the rest of the class is about finding a CLI.
    return { command: "bench", version: null, run } as unknown as PulumiCommand;
  }

  /** A person's own update: the configuration as it is under the lock, and one key. */
  async personSets(actor: string, key: string, value: string): Promise<boolean> {
    await this.turn(actor);
    if (this.holder !== undefined) return false;
    return this.locked(actor, async () => {
      this.updates.push({ message: `${key} manually`, config: { ...this.config, [key]: value } });
    });
  }

  private async answer(actor: string, args: string[], environment: Record<string, string>): Promise<string> {
    const [group, verb] = args;
    if (group === "up") return this.up(actor, args, environment);
    await this.turn(actor);
    if (group === "stack" && verb === "history") return JSON.stringify(this.page(args));
    if (group === "stack" && verb === "output") return JSON.stringify(outputsBy(this.config));
    return group === "config" ? "{}" : "";
  }

  private page(args: string[]): unknown {
    const size = Number(args[args.indexOf("--page-size") + 1]);
    const page = Number(args[args.indexOf("--page") + 1]);
    const told = this.updates.map(({ message, config }, index) => ({
      kind: "update",
      result: "succeeded",
      // Seconds are as fine as Pulumi tells it; each update here takes one.
      endTime: new Date(Date.UTC(2026, 10, 30) + index * 1000).toISOString(),
      message,
      config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])),
      resourceChanges: { same: 60, update: 1 },
    }));
    return told.toReversed().slice((page - 1) * size, page * size);
  }

  private async up(actor: string, args: string[], environment: Record<string, string>): Promise<string> {
    const path = args[args.indexOf("--config-file") + 1] ?? "";
    // Written by the adapter, as a mapping.
    const file = parse(await readFile(path, "utf8")) as {
      readonly config: Readonly<Record<string, unknown>>;
    };
    const config = Object.fromEntries(
      Object.entries(file.config).map(([key, value]) => [
        key,
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
    );
    await this.turn(actor);
    if (this.holder !== undefined) {
      this.locks += 1;
      const by = `created by ${this.holder}@bench (pid 1) at 2026-11-30T00:00:00Z`;
      throw new Error(`error: the stack is currently locked by 1 lock(s).\n  file:///bench.json: ${by}`);
    }
    await this.locked(actor, async () => {
      for (const model of MODELS) {
        const [previous, next] = [this.config, config].map((one) => Number(one[`${model}:generation`] ?? 0));
        const refusal = overtaken(model, { previous, next: next ?? 0 }, writerIn(environment));
        if (refusal === undefined) continue;
        this.refusals += 1;
        throw new Error(`error: update failed: ${refusal}`);
      }
      await this.turn(actor);
      if (this.fails()) throw new Error("error: update failed: the cloud was out of reach");
      this.updates.push({ message: args[args.indexOf("--message") + 1] ?? "", config });
    });
    return "";
  }

  private async locked(actor: string, work: () => Promise<void>): Promise<boolean> {
    this.holder = actor;
    try {
      await this.turn(actor);
      await work();
      await this.turn(actor);
    } finally {
      this.holder = undefined;
    }
    return true;
  }
}

/** What the program exports of such a configuration. */
const outputsBy = (config: Config) =>
  Object.fromEntries(
    MODELS.map((model) => {
      const green = Number(config[`${model}:greenWeight`] ?? 0);
      const generation = Number(config[`${model}:generation`] ?? 0);
      return [model, { ...OUTPUTS, model, generation, split: { blue: 100 - green, green } }];
    }),
  );
