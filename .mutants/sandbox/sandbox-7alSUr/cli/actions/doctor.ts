import { join } from "node:path";
import { showProblems } from "../../contract/checks/problem.ts";
import { perSlot, SLOTS } from "../../contract/slot.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { THROWAWAY_STACKS } from "../../contract/checks/throwaway.ts";
import { checkoutConfig } from "../../validation/adapters/pulumi/checkout-config.ts";
import { accountProbe, listenerOf } from "../../validation/adapters/doctor/account.ts";
import { fileFacts, runnerOf } from "../../validation/adapters/doctor/jobs.ts";
import { shownCertificate } from "../../validation/adapters/doctor/certificate.ts";
import {
  imagePlatforms,
  pulumiBackend,
  pulumiVersion,
  shellNode,
} from "../../validation/adapters/doctor/tools.ts";
import { leadsOf } from "../../validation/adapters/way-in.ts";
import type { Reading } from "../../validation/core/observation.ts";
import { diagnose } from "../../validation/insight/doctor.ts";
import { CHECKS, CHECKS_OF_JOBS, type Facts } from "../../validation/insight/doctor/facts.ts";
import { runs } from "../../validation/insight/doctor/slots.ts";
import { UserError } from "../../validation/errors.ts";
import { attempt } from "../../validation/reading.ts";
import type { Context, Deployed } from "../../validation/ports.ts";
import { contextOf, sdkTarget, type FlowOptions } from "../flow.ts";
import { nameOf } from "../local/engine-choice.ts";
import { localPlace } from "../local/place.ts";
import { modelTarget, type ModelTarget } from "../model-target.ts";
import { describeTarget, stackTarget, type StackTarget } from "../stack-target.ts";
import { resultJson } from "../json.ts";
import { harmless } from "../view/harmless.ts";
import { showDoctor } from "../view/doctor.ts";

/**
 * `npx bluegreen doctor`: looks at everything that it can reach, and says of the rest that it could not. `jobs`: only
 * at what the checkout tells of what jobs of GitHub need.
 */
export async function doctor({
  stack,
  model,
  json,
  jobs = false,
  throwaway = false,
}: DoctorOptions): Promise<void> {
  const { stdout, stderr } = process;
  const found = await findTarget(stack, model);
  if (found.kind === "target") stderr.write(`${describeTarget(found.target, undefined)}\n`);
  const facts = () => {
    if (found.kind === "unclear") return factsWithout(found.error);
    return jobs ? factsOfJobs(found.target) : factsOf(found.target, throwaway);
  };
  const outcome = diagnose(await facts(), jobs ? CHECKS_OF_JOBS : CHECKS);
  stdout.write(`${harmless(json ? resultJson(outcome) : showDoctor(outcome))}\n`);
  process.exitCode = outcome.exitCode;
}

interface DoctorOptions extends FlowOptions {
  readonly jobs?: boolean;
  /** This stack may be thrown away, whatever its name. */
  readonly throwaway?: boolean;
}

type Found =
  | { readonly kind: "target"; readonly target: ModelTarget }
  | { readonly kind: "unclear"; readonly error: UserError };

async function findTarget(named: string | undefined, model: string | undefined): Promise<Found> {
  const place = localPlace();
  try {
    const target = await stackTarget(named, "reads", place, process.env);
    const asks = () => contextOf(target, place, { report: () => {} });
    return { kind: "target", target: await modelTarget(target, { model }, asks) };
  } catch (error) {
    if (error instanceof UserError) return { kind: "unclear", error };
    throw error;
  }
}

const unreadable = (why: string) => ({ readable: false, why }) as const;

/** Without a stack: what the machine alone shows. */
async function factsWithout({ message, fix }: UserError): Promise<Facts> {
  const noStack = unreadable("it is not clear which stack is meant");
  const [node, engine, backend] = await Promise.all([
    attempt(() => shellNode()),
    attempt(pulumiVersion),
    attempt(pulumiBackend),
  ]);
  return {
    ...nothingKnown(noStack),
    stack: { named: false, why: message, fix },
    shellNode: node,
    engine,
    backend,
  };
}

const nothingKnown = (why: ReturnType<typeof unreadable>): Facts => ({
  cloud: "unclear",
  stack: { named: false, why: why.why, fix: "see stack" },
  isThrowaway: false,
  shellNode: why,
  engine: why,
  backend: why,
  region: why,
  caller: why,
  deployed: why,
  encryption: why,
  hasTestToken: why,
  runner: undefined,
  config: why,
  hasNotifyUrl: why,
  quotas: why,
  alarmCalls: why,
  certificate: why,
  leads: why,
  platforms: perSlot(() => why),
  services: why,
  alarms: why,
  nowMs: Date.now(),
});

/** Before the first verb of a job: what the checkout and the machine tell. */
async function factsOfJobs(target: ModelTarget): Promise<Facts> {
  const ofFile = await fileFacts(pathOf(target), target.project, target.model);
  const { encryption } = ofFile;
  const isSaid = target.kind === "local" || !encryption.readable || encryption.value !== undefined;
  return {
    ...nothingKnown(unreadable("not asked with --jobs")),
    cloud: target.kind,
    stack: named(target),
    // Only where the file does not say: it takes a start of the CLI.
    backend: isSaid ? unreadable("not asked") : await attempt(pulumiBackend),
    config: await configOf(target, unreadable("not asked")),
    ...ofFile,
    runner: runnerOf(process.env),
  };
}

const pathOf = ({ directory, stack }: StackTarget) => join(directory, `Pulumi.${stack}.yaml`);
const named = ({ stack }: StackTarget) => ({ named: true, name: stack, words: `stack ${stack}` }) as const;

async function factsOf(target: ModelTarget, throwaway: boolean): Promise<Facts> {
  const place = localPlace();
  const isLocal = target.kind === "local";
  const context = await contextOf(target, place, { report: () => {} }, "reads", target.model);
  const nowMs = Date.now();
  const probe = accountProbe(sdkTarget(target));
  const notAsked = unreadable("not asked on the local cloud");
  const onAws = <T>(read: () => Promise<T>): Promise<Reading<T>> | typeof notAsked =>
    isLocal ? notAsked : attempt(read);

  const deployed = await attempt(() => context.store.deployed());
  const config = await configOf(target, deployed);
  const listenerArn = listenerOfStack(deployed, config);
  const [node, engine, backend, caller, quotas, alarmCalls, certificate, leads, services, alarms] =
    await Promise.all([
      attempt(() => shellNode()),
      isLocal ? { readable: true as const, value: nameOf(target.cloud.engine) } : attempt(pulumiVersion),
      onAws(pulumiBackend),
      onAws(probe.caller),
      onAws(() => probe.quotas(listenerArn)),
      onAws(() => probe.alarmCalls(nowMs)),
      onAws(async () => shownCertificate(deployedOf(deployed).outputs)),
      onAws(async () => leadsOf(deployedOf(deployed).outputs)),
      attempt(() => servicesOf(context, deployed)),
      attempt(() => alarmsOf(context, deployed)),
    ]);
  const platforms = async (slot: (typeof SLOTS)[number]) => {
    const image = config.readable ? config.value.slots[slot].image : undefined;
    if (image === undefined || runs({ deployed, services }, slot)) return notAsked;
    return onAws(() => imagePlatforms(image));
  };
  const [blue, green] = await Promise.all([platforms("blue"), platforms("green")]);
  const ofFile = await fileFacts(pathOf(target), target.project, target.model);
  return {
    ...ofFile,
    runner: runnerOf(process.env),
    cloud: target.kind,
    stack: named(target),
    isThrowaway: throwaway || THROWAWAY_STACKS.includes(target.stack),
    shellNode: node,
    engine,
    backend,
    region: { readable: true, value: isLocal ? target.cloud.region : target.region },
    caller,
    deployed,
    config,
    quotas,
    alarmCalls,
    certificate,
    leads,
    platforms: { blue, green },
    services,
    alarms,
    nowMs,
  };
}

async function configOf(
  target: ModelTarget,
  deployed: Reading<Deployed | undefined>,
): Promise<Reading<StackConfig>> {
  if (deployed.readable && deployed.value !== undefined)
    return { readable: true, value: deployed.value.config };
  const path = pathOf(target);
  const raw = await attempt(() => checkoutConfig(path, target.project, target.model));
  if (!raw.readable) return raw;
  if (raw.value === undefined) return unreadable(`there is no ${path}`);
  const parsed = parseConfig(raw.value);
  return parsed.ok ? { readable: true, value: parsed.config } : unreadable(showProblems(parsed.problems));
}

function listenerOfStack(
  deployed: Reading<Deployed | undefined>,
  config: Reading<StackConfig>,
): string | undefined {
  if (deployed.readable && deployed.value !== undefined) return listenerOf(deployed.value.outputs.routeArn);
  return config.readable ? config.value.network.listenerArn : undefined;
}

const deployedOf = (deployed: Reading<Deployed | undefined>): Deployed => {
  if (deployed.readable && deployed.value !== undefined) return deployed.value;
  throw new Error(deployed.readable ? "nothing is deployed yet" : deployed.why);
};

async function servicesOf({ services }: Context, deployed: Reading<Deployed | undefined>) {
  const { outputs } = deployedOf(deployed);
  const names = SLOTS.flatMap((slot) => outputs.slots[slot].running?.serviceName ?? []);
  return services.read(outputs.clusterName, names);
}

async function alarmsOf({ alarms }: Context, deployed: Reading<Deployed | undefined>) {
  const { slots } = deployedOf(deployed).outputs;
  return alarms.read(SLOTS.flatMap((slot) => Object.values(slots[slot].running?.alarms ?? {})));
}
