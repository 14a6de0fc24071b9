import type { Clients } from "../../../../tools/aws-run/aws/clients.ts";
import type { Machine } from "../../../../tools/aws-run/go.ts";
import type { Options } from "../../../../tools/aws-run/options.ts";
import type { Shell, Users } from "../../../../tools/aws-run/perform/context.ts";
import { STEPS } from "../../../../tools/aws-run/experiments.ts";
import { reportOf } from "../../../../tools/aws-run/report.ts";
import type { Session } from "../../../../tools/aws-run/session.ts";
import { RUN_TAG, runIn } from "../../../../tools/aws-run/things.ts";
import type { Process } from "./scripted-account.ts";

export const ACCOUNT = "123456789012";

export const GO = {
  kind: "go",
  account: ACCOUNT,
  region: "us-east-1",
  limits: { usd: 5, minutes: 60 },
  steps: STEPS,
  subnets: [],
  from: undefined,
  images: { one: `models/a@sha256:${"1".repeat(64)}`, two: `models/b@sha256:${"2".repeat(64)}` },
} as const satisfies Options;

export const TEARDOWN = {
  kind: "teardown",
  account: ACCOUNT,
  region: "us-east-1",
  run: undefined,
  minutes: 60,
} as const satisfies Options;

/** What `pulumi up` makes of the product's program, as far as a teardown must know it. */
const STACK = [
  ["loadBalancer", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/bluegreen-1/1"],
  ["targetGroup", "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/live-1/1"],
  ["securityGroup", "sg-of-the-stack"],
  ["cluster", "arn:aws:ecs:us-east-1:123456789012:cluster/p_NAME_k3f9ab"],
  ["taskDefinition", "arn:aws:ecs:us-east-1:123456789012:task-definition/p_NAME_k3f9ab-blue:1"],
  ["scalableTarget", "service/p_NAME_k3f9ab/blue"],
  ["compositeAlarm", "p_NAME_k3f9ab-blue"],
  ["alarm", "p_NAME_k3f9ab-blue-cpu"],
  ["dashboard", "p_NAME_k3f9ab"],
  ["logGroup", "/ecs/p_NAME_k3f9ab-blue"],
  ["role", "/bgtest/NAME/p_NAME_k3f9ab/execution-1a2b3c"],
] as const;

/** Pulumi and the verbs, whose stack stands in the same account. */
export function scriptedShell(
  clients: Clients,
  fails: string | undefined,
  commands: { readonly program: string; readonly args: readonly string[] }[],
  configured: Readonly<Record<string, unknown>>[],
): Shell {
  return {
    async run(program, args) {
      commands.push({ program, args });
      const command = `${program} ${args[0] ?? ""}`;
      const stack = args[args.indexOf("--stack") + 1] ?? "";
      if (command === "pulumi up") {
        for (const [kind, id] of STACK)
          await clients.raw.json("pulumi" as "acm", "make", {
            kind,
            id: id.replaceAll("NAME", stack),
            tags: { [RUN_TAG]: runIn(stack) },
          });
      }
      const stdout =
        { "pulumi stack": '"http://stack.example"', "pulumi preview": '{"steps":[]}' }[command] ?? "{}";
      const exitCode = command === fails ? 10 : 0;
      return { exitCode, stdout, stderr: exitCode === 0 ? "" : "it did not" };
    },
    configure: async (_stack, config) => void configured.push(config),
  };
}

/** Who asks is always answered by version 1, or by 2 with a cookie. */
export const users: Users = {
  address: async () => "192.0.2.1",
  ask: async () => ({ status: 200, version: "1", cookies: "AWSALBTG=1" }),
};

export interface ScriptedMachine extends Machine {
  readonly commands: readonly { readonly program: string; readonly args: readonly string[] }[];
  /** What was written into the stack's file. */
  readonly configured: readonly Readonly<Record<string, unknown>>[];
  readonly told: string[];
  readonly kept: Session[];
  readonly left: number[];
  /** As if Ctrl-C were pressed. */
  press(): void;
}

export function machine({ clients, clock }: Omit<Process, "died">, fails?: string): ScriptedMachine {
  const [told, kept, left]: [string[], Session[], number[]] = [[], [], []];
  const commands: { readonly program: string; readonly args: readonly string[] }[] = [];
  const configured: Readonly<Record<string, unknown>>[] = [];
  let on: Parameters<Machine["signals"]>[0] | undefined;
  let pressed = false;
  return {
    clients,
    clock,
    users,
    shellFor: async () => ({
      shell: scriptedShell(clients, fails, commands, configured),
      forget: async () => {},
    }),
    signals: (handlers) => {
      on = handlers;
      return () => (on = undefined);
    },
    random: () => 0.5,
    tell: (line) => void told.push(line),
    keep: async (run, session) => {
      kept.push(session);
      return reportOf({}, session, { ...run, on: "2026-11-29" }).report;
    },
    leave: (exitCode) => void left.push(exitCode),
    commands,
    configured,
    told,
    kept,
    left,
    press() {
      if (pressed) on?.second();
      else on?.first("SIGINT");
      pressed = true;
    },
  };
}
