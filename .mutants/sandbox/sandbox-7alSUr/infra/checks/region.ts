import * as aws from "@pulumi/aws";
import type { Home } from "../component/place.ts";
import type { Problem } from "../../contract/checks/problem.ts";

/**
 * What is wrong with the provider's region while the stack has users. `deployed`: of the last update; undefined:
 * nobody has said. In another region the provider knows none of the stack's resources, and makes all of them anew.
 */
export async function regionProblems(
  deployed: string | undefined,
  asking: Home["asking"],
): Promise<readonly Problem[]> {
  if (deployed === undefined) return [];
  const { region } = await aws.getRegion({}, asking);
  if (region === deployed) return [];
  const allowed = `${deployed} as deployed while the stack has users: for another region make a second stack`;
  return [{ key: "aws:region", got: region, allowed, fix: `pulumi config set aws:region ${deployed}` }];
}
