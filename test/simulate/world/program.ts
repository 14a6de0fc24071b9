import { updateProblems } from "../../../contract/transition/transition.ts";
import type { RouteReading } from "../../../contract/transition/rolled-back.ts";
import { asManual, overtaken, type Writer } from "../../../contract/transition/writer.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { showProblems } from "../../../contract/checks/problem.ts";
import { raiseProblem, slotsToProve, type RouteChange } from "../../../contract/route/raised-slots.ts";
import { perSlot, type PerSlot, type Slot } from "../../../contract/slot.ts";
import { groupArn, STACK } from "../../validation/support/world.ts";
import { PROJECT } from "../../support/project.ts";
import { routeTags } from "../../../contract/route/route-tags.ts";
import { renderForward } from "../../../contract/route/route.ts";
import { sharesIn } from "../../validation/support/route-history.ts";
import type { ServiceReading } from "../../../validation/core/observation.ts";
import type { RawConfig, RouteInState } from "./backend.ts";
import { outputsOf } from "../../validation/support/outputs.ts";

/** The program refuses, or says that it was made up from what is no longer deployed. */
export class ProgramError extends Error {}

/** What the program does first (infra/config.ts): the checks of one configuration and of the step from the deployed one. */
export function checkedByProgram(
  before: StackConfig,
  raw: RawConfig,
  live: RouteReading,
  writer: Writer,
): StackConfig {
  const previous = previousOf(before);
  const read = parseConfig(raw);
  const judged =
    writer.isVerb || !read.ok ? read : { ok: true as const, config: asManual(previous, read.config) };
  const next = judged.ok ? judged.config : judged.readable;
  const taken = overtaken(
    PROJECT,
    { ...previous, previous: previous.generation, next: next.generation },
    writer,
  );
  if (taken !== undefined) throw new ProgramError(taken);
  const problems = updateProblems(previous, judged, live);
  if (!read.ok || problems.length > 0) throw new ProgramError(showProblems(problems));
  return read.config;
}

/** The route as the program declares it (infra/route.ts). */
export const declaredRoute = (config: StackConfig): RouteInState => ({
  forward: renderForward(config.split, perSlot(groupArn), config.service.stickinessSeconds),
  tags: routeTags({ project: PROJECT, stack: STACK }, config),
});

export interface AskedOfAws {
  readonly states: (slot: Slot) => Promise<readonly string[]>;
  readonly service: (slot: Slot) => Promise<ServiceReading>;
}

/** The hook before an update of the route (infra/checks/healthy-first.ts), by the same functions of the contract. */
export async function provenRaise(
  before: StackConfig,
  change: { readonly from: RouteInState; readonly to: RouteInState },
  aws: AskedOfAws,
): Promise<void> {
  const moment = ({ forward, tags }: RouteInState) => ({ weights: weightsIn(forward), tags });
  const raise: RouteChange = { before: moment(change.from), after: moment(change.to), moved: [] };
  for (const slot of slotsToProve(raise)) {
    const [states, service] = await Promise.all([aws.states(slot), aws.service(slot)]);
    const requested = outputsOf(before).slots[slot].running?.taskDefinitionArn;
    const problem = raiseProblem(slot, raise, {
      states,
      requested,
      isExternal: false,
      primary: service.primary,
    });
    if (problem !== undefined) throw new ProgramError(problem);
  }
}

export const weightsIn = (forward: RouteInState["forward"]): PerSlot<number> => sharesIn(forward, groupArn);
