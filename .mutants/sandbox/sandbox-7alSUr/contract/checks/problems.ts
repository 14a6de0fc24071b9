import type { SlotConfig } from "../config/keys.ts";
import { cohortProblems } from "../cohorts/problems.ts";
import { agentProblems } from "./agent-problems.ts";
import { algorithmProblems } from "./algorithm-problems.ts";
import { capacityProblems } from "./capacity-problems.ts";
import { definitionProblems } from "./definition-problems.ts";
import { healthCheckProblems } from "./health-check-problems.ts";
import { hostNameProblems } from "./host-name.ts";
import { networkProblems } from "./network-problems.ts";
import { problem, type Problem } from "./problem.ts";
import { rolloutProblems } from "./rollout-problems.ts";
import { labelProblems } from "../signals/label-problems.ts";
import { signalProblems } from "../signals/problems.ts";
import { suiteProblems } from "./suite-problems.ts";
import { otherSlot, SLOTS, type Slot, weightKey } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { TOLD_NAMES } from "../config/told.ts";

/**
 * What one configuration alone shows to be wrong, although each value is allowed by itself.
 * What only the step from the deployed configuration shows is the business of transitions.
 */
export function configProblems(config: StackConfig): readonly Problem[] {
  return CHECKS.flatMap((check) => check(config));
}

type ConfigCheck = (config: StackConfig) => readonly Problem[];

const perSlotChecks =
  (check: (slot: Slot, own: SlotConfig, config: StackConfig) => readonly Problem[]): ConfigCheck =>
  (config) =>
    SLOTS.flatMap((slot) => check(slot, config.slots[slot], config));

const CHECKS: readonly ConfigCheck[] = [
  function leftoverWeight({ activeSlot, weights }) {
    const left = weights[activeSlot];
    if (left === 0) return [];
    // A leftover would come back to life, unasked, at the next revert.
    const key = weightKey(activeSlot);
    const fix = `pulumi config set-all --plaintext activeSlot=${activeSlot} --plaintext ${key}=0`;
    return [
      problem(
        key,
        left,
        `0 or nothing while ${activeSlot} is the active slot, which has the rest anyway`,
        fix,
      ),
    ];
  },
  function activeSlotRuns({ activeSlot, slots }) {
    const other = otherSlot(activeSlot);
    // Both empty is a stack before its first model: the route answers 503 and there are no users to lose.
    if (slots[activeSlot].image !== undefined || slots[other].image === undefined) return [];
    return [
      problem(
        "activeSlot",
        activeSlot,
        `a slot that runs a model; ${activeSlot} is empty`,
        `pulumi config set activeSlot ${other}`,
      ),
    ];
  },
  function sharesAreServed({ activeSlot, weights, slots }) {
    const slot = otherSlot(activeSlot);
    if (weights[slot] === 0) return [];
    const why =
      slots[slot].image === undefined
        ? `${slot} is empty`
        : slots[slot].minTasks === 0
          ? `${slot} is scaled to zero`
          : undefined;
    return why === undefined
      ? []
      : [
          problem(
            weightKey(slot),
            weights[slot],
            `0, because ${why}`,
            `pulumi config set ${weightKey(slot)} 0`,
          ),
        ];
  },
  function activeSlotHasTasks({ activeSlot, slots }) {
    const { image, minTasks } = slots[activeSlot];
    if (image === undefined || minTasks > 0) return [];
    return [
      problem(
        `${activeSlot}.minTasks`,
        minTasks,
        "1 or more on the active slot",
        `pulumi config set --path ${activeSlot}.minTasks 1`,
      ),
    ];
  },
  perSlotChecks((slot, { minTasks, maxTasks }) =>
    minTasks <= maxTasks
      ? []
      : [
          problem(
            `${slot}.maxTasks`,
            maxTasks,
            `at least ${slot}.minTasks, ${minTasks}`,
            `pulumi config set --path ${slot}.maxTasks ${minTasks}`,
          ),
        ],
  ),
  perSlotChecks((slot, { image }, config) => {
    const hasUsers = config.split[slot] > 0;
    if (image === undefined || !hasUsers || config.localCloud !== undefined || image.includes("@sha256:"))
      return [];
    // A tag can be moved, so a rollback to it would not be a rollback.
    return [
      problem(
        `${slot}.image`,
        image,
        "an image pinned by digest (repository@sha256:…) on a slot with users",
        `pulumi config set --path ${slot}.image <repository>@sha256:<digest>`,
      ),
    ];
  }),
  capacityProblems,
  definitionProblems,
  healthCheckProblems,
  algorithmProblems,
  agentProblems,
  networkProblems,
  cohortProblems,
  hostNameProblems,
  rolloutProblems,
  signalProblems,
  labelProblems,
  suiteProblems,
  function environmentNamesAreFree({ service, slots }) {
    // ECS refuses a name that is both a variable and a secret; the program itself gives the others.
    const toldOf = (of: readonly Slot[]) =>
      of.some((slot) => slots[slot].release !== undefined) ? ["PORT", ...TOLD_NAMES] : ["PORT"];
    const ofTemplate = { secrets: "service.secrets", taken: service.secrets, ours: toldOf(SLOTS) };
    const given = [
      { key: "service.environment", names: service.environment, ...ofTemplate },
      { key: "service.secrets", names: service.secrets, ...ofTemplate },
      ...SLOTS.flatMap((slot) => {
        const { overrides, service: copy } = slots[slot];
        const own = [
          { key: `${slot}.overrides.environment`, names: overrides.environment },
          { key: `${slot}.service.environment`, names: copy.environment ?? {} },
          { key: `${slot}.service.secrets`, names: copy.secrets ?? {} },
        ];
        const secrets = copy.secrets === undefined ? "service.secrets" : `${slot}.service.secrets`;
        const taken = copy.secrets ?? service.secrets;
        return own.map((one) => ({ ...one, secrets, taken, ours: toldOf([slot]) }));
      }),
    ];
    return given.flatMap(({ key, names, secrets, taken, ours }) =>
      Object.keys(names)
        .filter((name) => ours.includes(name) || (key !== secrets && name in taken))
        .map((name) => {
          const allowed = `a name other than ${ours.join(", ")} and those of ${secrets}`;
          return problem(`${key}.${name}`, "given", allowed, `pulumi config rm --path ${key}.${name}`);
        }),
    );
  },
  function testTokens({ testTokens }) {
    const good = testTokens.length <= 2 && testTokens.every((token) => /^[a-z0-9]{32,64}$/.test(token));
    // The token itself is a secret and is not repeated in the message.
    return good
      ? []
      : [
          problem(
            "testToken",
            "[secret]",
            "32 to 64 characters a-z and 0-9; two, separated by a comma, during rotation",
            "pulumi config set --secret testToken $(openssl rand -hex 24)",
          ),
        ];
  },
  function notifyUrl({ notifyUrl }) {
    // Lambda quotas: 4 KB for all variables of a function; the watchdog has others beside this one.
    if (notifyUrl === undefined || /^https:\/\/[!-~]{1,2000}$/.test(notifyUrl)) return [];
    const fix = "pulumi config set --secret notifyUrl <https://…>";
    // Not repeated: whoever knows the address may write to the channel.
    return [problem("notifyUrl", "something else", "an https:// address of at most 2,000 characters", fix)];
  },
  function localCloudIsLocal({ localCloud }) {
    if (localCloud === undefined || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(localCloud))
      return [];
    return [
      problem(
        "localCloud",
        localCloud,
        "a loopback address; only `npx bluegreen local` sets it",
        "pulumi config rm localCloud",
      ),
    ];
  },
];
