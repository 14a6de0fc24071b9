import { describe, expect, it } from "vitest";
import { changeWords } from "../../contract/change-words.ts";
import { parseConfig, type StackConfig } from "../../contract/stack-config.ts";
import { TWO_SLOTS } from "../infra/configs.ts";
import { rawConfig, type WrittenConfig } from "../support/written-config.ts";

function config(own: WrittenConfig = {}): StackConfig {
  const parsed = parseConfig(rawConfig({ ...TWO_SLOTS, ...own }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
const STAYS = "lends nothing and moves nobody: blue 100 % · green 0 %";

describe("a change in words", () => {
  it.each<readonly [string, WrittenConfig, WrittenConfig, readonly string[]]>([
    ["that is none", {}, {}, [STAYS]],
    [
      "of thresholds",
      { thresholds: { maxSlowRate: 0.01 } },
      { thresholds: { maxSlowRate: 0.02, slowSeconds: 0.5 } },
      [
        STAYS,
        "raises thresholds.maxSlowRate from 0.01 to 0.02",
        "lowers thresholds.slowSeconds from 1 to 0.5",
      ],
    ],
    [
      "of a policy",
      {},
      { rollout: { steps: [50, 100], atDeadline: "revert" } },
      [
        STAYS,
        "changes rollout.steps from [10,25,50,100] to [50,100]",
        "changes rollout.atDeadline from hold to revert",
      ],
    ],
    [
      "of tasks says who has users on them, and never a value of their environment",
      {},
      { service: { cpu: 1024, memory: 2048, environment: { KEY: "hunter2" }, allowInPlace: true } },
      [
        STAYS,
        "replaces the tasks of blue, which has 100 % of the users: other cpu, memory, environment",
        "replaces the tasks of green, which has no users: other cpu, memory, environment",
        "raises service.cpu from 512 to 1024",
        "raises service.memory from 1024 to 2048",
        "adds service.environment.KEY",
        "changes service.allowInPlace from false to true",
      ],
    ],
    [
      "of the split",
      {},
      { greenWeight: 25 },
      ["moves users from blue 100 % · green 0 % to blue 75 % · green 25 %"],
    ],
    [
      "of the roles",
      {},
      { activeSlot: "green" },
      ["moves users from blue 100 % · green 0 % to blue 0 % · green 100 %, and makes green the active slot"],
    ],
    [
      "of what was set",
      { service: { certificateArn: "arn:aws:acm:eu-west-1:1:certificate/x" } },
      {},
      [STAYS, "removes service.certificateArn, which was arn:aws:acm:eu-west-1:1:certificate/x"],
    ],
  ])("%s", (_title, before, after, words) => {
    expect(changeWords(config(before), config(after))).toEqual(words);
  });
});
