import * as pulumi from "@pulumi/pulumi";
import { perSlot } from "../../contract/slot.ts";
import { createCohortGroupRules, createCohortRules } from "../cohort-rules.ts";
import { createCluster } from "../cluster.ts";
import { refuseForgotten } from "../checks/forgotten.ts";
import { readConfig } from "../config.ts";
import { customActions, withCustomOutputs } from "../custom-parts.ts";
import { createDashboard } from "../dashboard.ts";
import { stackNames } from "../names.ts";
import { createEntrance } from "../network/load-balancer.ts";
import { createNetwork } from "../network/network.ts";
import { createTaskNetwork } from "../network/task-network.ts";
import { stackZones } from "../network/zones.ts";
import { stackOutputs, type StackParts } from "../outputs.ts";
import { createRoute } from "../route.ts";
import { createAlarms } from "../slot/alarms.ts";
import { createCapacity } from "../slot/capacity.ts";
import { createSlotService } from "../slot/service.ts";
import { createTargetGroups } from "../slot/target-groups.ts";
import { createTestRules } from "../test-rules.ts";
import { createWatchdog } from "../watchdog.ts";
import type { BlueGreenServiceArgs } from "./args.ts";
import { readGiven } from "./given.ts";
import { refuseUnexported } from "./exported.ts";
import { outputsOrLast, refuseNewIfLeftOut, unlessLeftOut, urlOrLast } from "./left-out.ts";
import { claimModel } from "./models.ts";
import { createHome, type Home } from "./place.ts";
import { transformBy } from "./transform.ts";

export type { BlueGreenServiceArgs } from "./args.ts";
// What a program needs to write these apart from the call.
export type { Custom } from "../custom-parts.ts";
export type { StackParts } from "../outputs.ts";
export type { Sidecar, Volume } from "../slot/sidecars.ts";
export type { ChildTransforms } from "./transform.ts";

/** What a program exports of a model: whatever the tools, and the next update, have to know of it. */
export type ModelOutputs = ReturnType<typeof stackOutputs>;

/** What was made, and what `custom` gave back. */
interface Made {
  readonly parts: StackParts;
  readonly outputs: ModelOutputs;
}

/** Arguments of a component would become its inputs, and functions are none; nobody sees a private field. */
class Handed {
  readonly #args: BlueGreenServiceArgs;
  constructor(args: BlueGreenServiceArgs) {
    this.#args = args;
  }
  static of(handed: Handed): BlueGreenServiceArgs {
    return handed.#args;
  }
}

/**
 * One machine-learning model in two slots, blue and green, behind one route. Its name is the namespace of its
 * configuration: `new BlueGreenService("fraud")` reads `fraud:activeSlot`, `fraud:greenWeight`, `fraud:service`… What the
 * program gives are defaults. `export const bluegreen = fraud.outputs` is its memory, without which it cannot tell what an
 * update would do to users.
 */
export class BlueGreenService extends pulumi.ComponentResource<Made> {
  /** Everything that was made; rejects with what is wrong with the configuration. */
  readonly made: Promise<Made>;
  readonly #model: string;

  constructor(name: string, args: BlueGreenServiceArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    claimModel(name);
    super("bluegreen:index:BlueGreenService", name, new Handed(args), opts);
    this.made = this.getData();
    this.#model = name;
    unlessLeftOut(name, this.made);
    // Not awaited: it is known when the program has ended, and a refusal then fails the update.
    void refuseUnexported(name, this.made);
  }

  // Made when they are asked for: an output of a refused model that nobody wants would be an error of its own.
  /** To be exported by the program, under any name. */
  get outputs(): pulumi.Output<pulumi.Unwrap<ModelOutputs>> {
    return pulumi.output(outputsOrLast(this.#model, this.made));
  }

  /** Where the model answers. */
  get url(): pulumi.Output<string> {
    return urlOrLast(
      this.#model,
      this.made.then(({ parts }) => parts.entrance.url),
    );
  }

  /** Called by Pulumi in the constructor; whoever depends on the component waits for all that it makes. */
  protected override async initialize(
    handed: pulumi.Inputs,
    _opts: pulumi.ComponentResourceOptions,
    name: string,
  ): Promise<Made> {
    // As the constructor handed it over.
    const args = Handed.of(handed as Handed);
    return makeModel(createHome(this, name, transformBy(args.transform ?? {}, name)), args);
  }
}

/** Of all that follows, only the route and the outputs know which slot is active and how the traffic is split. */
async function makeModel(home: Home, args: BlueGreenServiceArgs): Promise<Made> {
  await refuseNewIfLeftOut(home.model);
  const given = await readGiven(args);
  const { config, origin, standing, groupPorts, httpListener, hidden, kept, rememberedZones } =
    await readConfig(home, given);
  const { names, isForgotten } = await stackNames(home, origin, config.iam.rolePath);
  const place = { ...home, names };
  if (isForgotten) await refuseForgotten(place, config);

  const zones = await stackZones(home, config, rememberedZones);
  const network = createNetwork(place, config, zones, given.notYet);
  const entrance = createEntrance(place, config, network, httpListener, given.notYet);
  const taskNetwork = createTaskNetwork(
    place,
    network,
    entrance.securityGroupIds,
    config,
    args.taskSecurityGroupIds,
  );
  const cluster = args.cluster ?? createCluster(place);
  const capacity = args.cluster === undefined ? createCapacity(place, cluster, config) : [];

  const groups = perSlot((slot) => createTargetGroups(slot, place, config, network, groupPorts[slot]));
  const route = createRoute(place, config, entrance, groups, standing);
  const testRules = createTestRules(place, config, entrance, groups);
  const cohortGroupRules = createCohortGroupRules(place, config, entrance, groups);
  createCohortRules(place, config, entrance, groups);
  const actions = customActions(createWatchdog(place, config, route), args.alarmActions);

  const ground = {
    place,
    config,
    hidden,
    kept,
    cluster,
    capacity,
    entrance,
    taskNetwork,
    rules: [route.rule, ...testRules, ...cohortGroupRules],
    alarmActions: actions.alarmActions,
    beside: { sidecars: args.sidecars ?? {}, volumes: args.volumes ?? [] },
  };
  const running = perSlot((slot) => {
    const service = createSlotService(slot, ground, groups[slot]);
    return service && { ...service, alarms: createAlarms(slot, ground, groups[slot], service) };
  });

  createDashboard(place, config, { entrance, groups, cluster, running });

  const parts = { place, config, hidden, zones, entrance, groups, route, cluster, running };
  // One of an earlier version gives nothing back.
  const yours = (await args.custom?.(parts)) ?? {};
  actions.answer(yours);
  return { parts, outputs: withCustomOutputs(stackOutputs(parts, given.sections), yours) };
}
