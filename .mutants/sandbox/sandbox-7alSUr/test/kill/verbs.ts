import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ReleaseState } from "../../contract/release/release.ts";
import type { LocalPlace } from "../../cli/local/place.ts";
import type { World } from "../scenario/support/world.ts";
import { bringInto, edit, type Given } from "./given.ts";
import {
  EMERGENCY,
  FILE_ONLY,
  ONE_BY_ONE,
  ROLLOUT,
  STANDARD,
  TASKS_FIRST,
  WAITS_AFTERWARDS,
  WAITS_BEFORE,
  type Phase,
} from "./phases.ts";

/** A verb that writes, from a state in which it has something to do. */
export interface Row {
  readonly verb: string;
  readonly given: (world: World) => Promise<void>;
  /** What is typed; `count` is another number in each cell. */
  readonly args: (count: number, place: LocalPlace) => readonly string[];
  /** How the release stands when the verb has done its work: proves that it had some. */
  readonly ends: ReleaseState;
  readonly phases: readonly Phase[];
  /**
   * It goes by one check: while the cloud was down no task was healthy, and a check that sees such a minute holds.
   * Others follow it.
   */
  readonly isLook?: true;
}

const into = (given: Given) => (world: World) => bringInto(world, given);
const RUNNING: Given = { greenWeight: 50, release: {} };
const DEPLOYED: Given = { greenWeight: 0, release: { state: "deployed", weight: 0, liveSince: "" } };
const TAKEN_BACK: Given = { greenWeight: 0, release: { state: "rolledBack", weight: 0 } };

async function drifted(world: World): Promise<void> {
  await bringInto(world, RUNNING);
  const { routeArn, slots } = await world.see.outputs();
  const client = new ElasticLoadBalancingV2Client(world.see.sdk);
  const groups = [
    { TargetGroupArn: slots.blue.targetGroupArn, Weight: 63 },
    { TargetGroupArn: slots.green.targetGroupArn, Weight: 37 },
  ];
  const Actions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups: groups } }];
  await client.send(new ModifyRuleCommand({ RuleArn: routeArn, Actions }));
  client.destroy();
}

const goldenPath = ({ directory }: LocalPlace) => join(directory, "golden.jsonl");

/** As many examples as it takes to judge anything at all. */
export async function shortGoldenSet({ place }: World): Promise<void> {
  const golden = await readFile(join(place.root, "examples", "digits", "golden.jsonl"), "utf8");
  await writeFile(goldenPath(place), golden.split("\n").slice(0, 60).join("\n"));
}

/** The longest first, so that the lanes end together. */
export const ROWS: readonly Row[] = [
  {
    verb: "rollout",
    given: into({ ...DEPLOYED, steps: [100] }),
    args: () => ["rollout", "--skip-tests"],
    ends: "promoted",
    phases: ROLLOUT,
  },
  {
    verb: "rollout (tasks before their share)",
    given: into({
      ...DEPLOYED,
      release: { ...DEPLOYED.release, prepared: { own: 2, raised: 1, forPercent: 10 } },
      steps: [100],
      following: true,
    }),
    args: () => ["rollout", "--skip-tests"],
    ends: "promoted",
    phases: TASKS_FIRST,
  },
  {
    verb: "test",
    given: into(DEPLOYED),
    args: (_count, place) => ["test", "--golden", goldenPath(place)],
    ends: "deployed",
    phases: STANDARD,
  },
  {
    verb: "retire",
    given: into(TAKEN_BACK),
    args: () => ["retire"],
    ends: "rolledBack",
    phases: WAITS_BEFORE,
  },
  {
    verb: "deploy",
    given: into(TAKEN_BACK),
    args: (count) => ["deploy", "digits:2", "--model-version", `kill-${count}`, "--protocol", "auto"],
    ends: "deployed",
    phases: WAITS_AFTERWARDS,
  },
  {
    verb: "rotate",
    given: into(DEPLOYED),
    args: () => ["rotate"],
    ends: "deployed",
    phases: ONE_BY_ONE,
  },
  {
    verb: "revert (before promotion)",
    given: into(RUNNING),
    args: () => ["revert"],
    ends: "rolledBack",
    phases: EMERGENCY,
  },
  {
    verb: "step",
    given: into({ greenWeight: 100, release: { weight: 100 }, steps: [100] }),
    args: () => ["step"],
    ends: "promoted",
    phases: STANDARD,
    isLook: true,
  },
  {
    verb: "promote --now",
    given: into(RUNNING),
    args: () => PROMOTE,
    ends: "promoted",
    phases: STANDARD,
    isLook: true,
  },
  { verb: "pause", given: into(RUNNING), args: () => ["pause"], ends: "paused", phases: STANDARD },
  {
    verb: "resume",
    given: into({ greenWeight: 50, release: { state: "paused" } }),
    args: () => ["resume"],
    ends: "running",
    phases: STANDARD,
  },
  {
    verb: "approve",
    given: into({ ...RUNNING, approvals: [100] }),
    args: () => ["approve"],
    ends: "running",
    phases: STANDARD,
  },
  { verb: "restore", given: drifted, args: () => ["restore"], ends: "running", phases: STANDARD },
  {
    verb: "pulumi up",
    async given(world) {
      await bringInto(world, TAKEN_BACK);
      await edit(world, { greenWeight: 25 });
    },
    args: () => ["pulumi", "up", "--yes", "--skip-preview"],
    ends: "rolledBack",
    phases: STANDARD,
  },
  {
    verb: "sync",
    async given(world) {
      await bringInto(world, TAKEN_BACK);
      await edit(world, { generation: 0, greenWeight: 5 });
    },
    args: () => ["sync"],
    ends: "rolledBack",
    phases: FILE_ONLY,
  },
];

const PROMOTE = ["promote", "--now", "--reason", "the kill matrix", "--without-evidence"];
