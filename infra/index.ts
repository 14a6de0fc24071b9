import { perSlot } from "../contract/slot.ts";
import { createAlarms } from "./slot/alarms.ts";
import { createCapacity } from "./slot/capacity.ts";
import { createCohortGroupRules, createCohortRules } from "./cohort-rules.ts";
import { createCluster } from "./cluster.ts";
import { readConfig } from "./config.ts";
import { customActions, withCustomOutputs } from "./custom-parts.ts";
import { custom } from "./custom.ts";
import { createDashboard } from "./dashboard.ts";
import { createEntrance } from "./network/load-balancer.ts";
import { stackNames } from "./names.ts";
import { createNetwork } from "./network/network.ts";
import { createTaskNetwork } from "./network/task-network.ts";
import { stackOutputs } from "./outputs.ts";
import { createRoute } from "./route.ts";
import { createTestRules } from "./test-rules.ts";
import { createSlotService } from "./slot/service.ts";
import { createTargetGroups } from "./slot/target-groups.ts";
import { createWatchdog } from "./watchdog.ts";
import { stackZones } from "./network/zones.ts";

/**
 * The stack: one model in two slots behind one route. Of all that follows, only the route and the outputs know
 * which slot is active and how the traffic is split.
 */
const { config, origin, standing, groupPorts, httpListener, hidden, kept, rememberedZones } =
  await readConfig();
const names = await stackNames(origin, config.iam.rolePath);

const zones = await stackZones(config, rememberedZones);
const network = createNetwork(names, config, zones);
const entrance = createEntrance(names, config, network, httpListener);
const taskNetwork = createTaskNetwork(names, network, entrance.securityGroupIds, config);
const cluster = createCluster(names);
const capacity = createCapacity(cluster, config);

const groups = perSlot((slot) => createTargetGroups(slot, names, config, network, groupPorts[slot]));
const route = createRoute(config, entrance, groups, standing);
const testRules = createTestRules(names, config, entrance, groups);
const cohortGroupRules = createCohortGroupRules(names, config, entrance, groups);
createCohortRules(names, config, entrance, groups);
const actions = customActions(createWatchdog(names, config, route));

const ground = {
  names,
  config,
  hidden,
  kept,
  cluster,
  capacity,
  entrance,
  taskNetwork,
  rules: [route.rule, ...testRules, ...cohortGroupRules],
  alarmActions: actions.alarmActions,
};
const running = perSlot((slot) => {
  const service = createSlotService(slot, ground, groups[slot]);
  return service && { ...service, alarms: createAlarms(slot, ground, groups[slot], service) };
});

createDashboard(names, config, { entrance, groups, cluster, running });

const parts = { names, config, hidden, zones, entrance, groups, route, cluster, running };
// One of an earlier version gives nothing back.
const yours = (await custom(parts)) ?? {};
actions.answer(yours);

export default withCustomOutputs(stackOutputs(parts), yours);
