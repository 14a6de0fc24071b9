import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { speaksHttps } from "../../../contract/checks/host-name.ts";
import type { Facts, Finding } from "./facts.ts";
import { broken, notApplicable, ok, unknown } from "./finding.ts";
import { noStack } from "./machine.ts";

interface Gap {
  readonly saw: string;
  readonly fix: string;
}

/** What a production should not be without. A stack that may be thrown away may be: then it is said, and no fault. */
export function protection({ cloud, config, isThrowaway, hasNotifyUrl }: Facts): readonly Finding[] {
  const name = "protection";
  if (cloud === "local") return [notApplicable(name, "the local cloud has no users to protect")];
  if (!config.readable) return [noStack(name)];
  const { rollout, notifyUrl } = config.value;
  const saysWho = rollout.notifyTopicArn !== undefined || notifyUrl !== undefined;
  if (!saysWho && !hasNotifyUrl.readable) return [unknown(name, hasNotifyUrl.why, "see stack")];
  const isTold = saysWho || (hasNotifyUrl.readable && hasNotifyUrl.value);
  const found = gaps(config.value, isTold);
  if (found.length === 0) {
    return [
      ok(name, "watchdog, protection from deletion, two tasks, somebody who is told, no open plain HTTP"),
    ];
  }
  if (isThrowaway) {
    const words = found.map(({ saw }) => saw).join("; ");
    return [notApplicable(name, `a stack that may be thrown away: ${words}`)];
  }
  return found.map(({ saw, fix }) => broken(name, saw, fix));
}

const EVERYBODY = ["0.0.0.0/0", "::/0"];

function gaps(config: StackConfig, isTold: boolean): readonly Gap[] {
  const { rollout, service, network, activeSlot, slots } = config;
  const active = slots[activeSlot];
  const found: (Gap | false)[] = [
    !rollout.watchdog && {
      saw: "rollout.watchdog is false: when a rollout dies, nobody moves users back",
      fix: "pulumi config set --path rollout.watchdog true && pulumi up",
    },
    !rollout.protect && {
      saw: "rollout.protect is false: `pulumi destroy` takes everything away without a question",
      fix: "pulumi config set --path rollout.protect true && pulumi up",
    },
    active.image !== undefined &&
      active.minTasks < 2 && {
        saw: `${activeSlot}.minTasks is ${active.minTasks}: one task alone goes with its zone`,
        fix: `pulumi config set --path ${activeSlot}.minTasks 2 && pulumi up`,
      },
    !isTold && {
      saw: "neither rollout.notifyTopicArn nor notifyUrl: nobody gets notifications of releases",
      fix: "pulumi config set --path rollout.notifyTopicArn <topic>, or pulumi config set --secret notifyUrl <webhook>",
    },
    // Who reaches a shared listener, and by what, is its owner's to say; an internal one, nobody from outside.
    network.listenerArn === undefined &&
      !network.internal &&
      !speaksHttps(service) &&
      service.allowedCidrs.some((each) => EVERYBODY.includes(each)) && {
        saw: "service.allowedCidrs has everybody, by plain HTTP: whoever is on the way reads and changes what users send",
        fix: "make it HTTPS (docs/aws.md), or narrow it: pulumi config set --path 'service.allowedCidrs[0]' <block>",
      },
  ];
  return found.filter((gap) => gap !== false);
}
