import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { isRecord } from "../../contract/config/field.ts";
import { find, NEVER_DEPLOYED, runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import { ONE_SLOT, TYPE } from "./configs.ts";

const BOUNDARY = "arn:aws:iam::123456789012:policy/teams/boundary";
const BOUND = { ...ONE_SLOT, iam: { permissionsBoundaryArn: BOUNDARY, rolePath: "/teams/ml/" } };

/** Path and boundary of every role of a stack: what awsx makes of its arguments, and the watchdog's own. */
function rolesOf(run: ProgramRun): readonly (readonly [unknown, unknown])[] {
  const { executionRole, taskRole } = find(run, `${TYPE.taskDefinition}::blue`).inputs;
  const ofTasks = [executionRole, taskRole].map((role) => (isRecord(role) ? role["args"] : undefined));
  const made = run.resources.filter(({ type }) => type === "aws:iam/role:Role").map(({ inputs }) => inputs);
  return [...ofTasks, ...made].map((role) =>
    isRecord(role) ? [role["path"], role["permissionsBoundary"]] : [undefined, undefined],
  );
}

describe("The roles of a stack", () => {
  test("have the boundary and the path that the configuration names, each of them", async () => {
    const roles = rolesOf(await runProgram(BOUND));
    expect(roles.length).toBe(3);
    expect(new Set(roles.map((role) => role.join(" ")))).toEqual(
      new Set([`/teams/ml/fraud-model_dev_k3f9ab/ ${BOUNDARY}`]),
    );
  });

  test("have no argument for a boundary where there is none, so that no stack of before sees a change", async () => {
    expect(new Set(rolesOf(await runProgram(ONE_SLOT)).map((role) => role.join(" ")))).toEqual(
      new Set(["/fraud-model_dev_k3f9ab/ "]),
    );
  });

  test("are remembered with their path, which a new stack takes from its configuration", async () => {
    const { outputs } = await runProgram(BOUND, "dev", NEVER_DEPLOYED);
    expect(outputs).toMatchObject({ names: { rolePath: "/teams/ml/" } });
  });

  test("keep that path: another one would make other tasks on both slots at once", async () => {
    const { outputs } = await runProgram(ONE_SLOT);
    const moved = runProgram(BOUND, "dev", outputs);
    await expect(moved).rejects.toBeInstanceOf(pulumi.RunError);
    await expect(moved).rejects.toThrow("pulumi config set --path iam.rolePath /");
  });
});
