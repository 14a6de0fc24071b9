import { readFile } from "node:fs/promises";
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import { parse } from "yaml";
import { PROJECT } from "../../support/project.ts";
import { ALARM_KEYS } from "../../../contract/alarms/alarm-catalog.ts";

export interface HistoryValue {
  readonly value: string;
  readonly secret?: boolean;
  readonly objectValue?: unknown;
}

/** What a `pulumi` command line does, in memory: enough for the adapter, and it keeps what it was told. */
export class FakePulumi {
  readonly commands: string[][] = [];
  /** What each `up` had in its environment beside that of this process. */
  readonly environments: Readonly<Record<string, string>>[] = [];
  /** The configuration file of the last `up`, as it was then. */
  configFile: Record<string, unknown> = {};
  history: Record<string, unknown>[] = [];
  /** What `config --show-secrets` reveals of the checkout. */
  revealed: Record<string, string> = {};
  /** Texts of secrets inside objects, by their ciphertext. */
  ciphers: Record<string, string> = {};
  /** What commands write to standard error. */
  stderr = "";
  /** Called when an update begins, before it has read its configuration. */
  beforeUp: () => void = () => {};
  /** Called once an update has ended, before anybody asks how. */
  onUp: () => void = () => {};
  /** Throws what the next `up` fails with. */
  failure: string | undefined;
  /** Throws what `stack history` fails with from now on. */
  historyFailure: string | undefined;
  /** Called once the summary of an update has been read: the Automation API asks for the newest entry alone. */
  onSummary: () => void = () => {};
  /** What the stack exports. */
  outputs: Record<string, unknown> = OUTPUTS;
  resourceChanges: Record<string, number> = { same: 63, update: 1 };
  private readonly names = new Map<string, string>();

  succeeded(config: Record<string, HistoryValue>, own: object = {}): void {
    this.history.unshift({
      kind: "update",
      result: "succeeded",
      endTime: "2026-11-21T10:00:00Z",
      config,
      resourceChanges: this.resourceChanges,
      ...own,
    });
  }

  command(): PulumiCommand {
    const run = async (args: string[], _cwd: string, environment: Readonly<Record<string, string>>) => {
      this.commands.push(args);
      if (args[0] === "up") this.environments.push(environment);
      return { stdout: await this.answer(args), stderr: this.stderr, code: 0 };
    };
    // What the Automation API uses of a command; the rest of the class is about finding a CLI.
    return { command: "fake", version: null, run } as unknown as PulumiCommand;
  }

  private async answer(args: string[]): Promise<string> {
    const [group, verb] = args;
    if (group === "stack" && verb === "history") {
      if (this.historyFailure !== undefined) throw new Error(this.historyFailure);
      const page = JSON.stringify(this.page(args));
      if (args[args.indexOf("--page-size") + 1] === "1") this.onSummary();
      return page;
    }
    if (group === "stack" && verb === "output") return JSON.stringify(this.outputs);
    if (group === "config" && verb === "set") return this.encrypt(args);
    if (group === "config") {
      const shown = Object.entries(this.revealed).map(([key, value]) => [key, { value, secret: true }]);
      return JSON.stringify(Object.fromEntries(shown));
    }
    if (group === "up") return this.up(args);
    return "";
  }

  private page(args: string[]): unknown {
    const size = Number(args[args.indexOf("--page-size") + 1]);
    const page = Number(args[args.indexOf("--page") + 1]);
    return this.history.slice((page - 1) * size, page * size);
  }

  private encrypt(args: string[]): string {
    this.names.set(args[args.indexOf("--") - 1] ?? "", args.at(-1) ?? "");
    return "";
  }

  private async up(args: string[]): Promise<string> {
    const path = args[args.indexOf("--config-file") + 1] ?? "";
    // The file was written by the adapter, as a mapping.
    const file = parse(await readFile(path, "utf8")) as Record<string, unknown>;
    this.configFile = file;
    this.beforeUp();
    if (this.failure !== undefined) throw new Error(this.failure);
    // Just built by the adapter, too.
    const config = file["config"] as Record<string, unknown>;
    this.succeeded(
      Object.fromEntries(Object.entries(config).map(([key, value]) => [key, this.shown(value)])),
      { message: args[args.indexOf("--message") + 1] },
    );
    this.onUp();
    return "";
  }

  private shown(value: unknown): HistoryValue {
    if (typeof value !== "object") return { value: String(value) };
    if (value !== null && "secure" in value)
      return { value: this.revealed[`${PROJECT}:testToken`] ?? "", secret: true };
    const clear = JSON.stringify(value, (_, part) => this.ciphers[part?.secure] ?? part);
    return { value: clear, objectValue: JSON.parse(clear), secret: clear !== JSON.stringify(value) };
  }
}

const running = {
  image: "i",
  modelVersion: "1",
  minTasks: 1,
  maxTasks: 4,
  serviceName: "s",
  taskDefinitionArn: "t",
  alarms: Object.fromEntries(ALARM_KEYS.map((key) => [key, key])),
  slotAlarm: "a",
};
const slot = { targetGroupArn: "g", targetGroupSuffix: "x", testTargetGroupArn: "h", running };
export const OUTPUTS = {
  url: "u",
  region: "r",
  activeSlot: "blue",
  split: { blue: 100, green: 0 },
  generation: 3,
  routeArn: "route",
  loadBalancerSuffix: "lb",
  clusterName: "c",
  stickinessSeconds: 0,
  slots: { blue: slot, green: slot },
};
