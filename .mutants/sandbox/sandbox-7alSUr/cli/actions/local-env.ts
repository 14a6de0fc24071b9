import { localCredentials } from "../../packages/local-cloud/access/address.ts";
import { UserError } from "../../validation/errors.ts";
import { runningCloud } from "../local/running-cloud.ts";
import type { LocalPlace } from "../local/place.ts";

/** What else in a shell would lead a client elsewhere, or make another caller of it. */
const OTHERS = ["AWS_SESSION_TOKEN", "AWS_PROFILE"];

/**
 * `npx bluegreen local env`: lines for `eval`, by which the AWS CLI, boto3 and the SDKs reach the local cloud as its
 * owner. As JSON also the token and the dashboard's address.
 */
export async function localEnv(place: LocalPlace, json: boolean): Promise<string> {
  const cloud = await runningCloud(place);
  if (cloud === undefined) throw new UserError("BG152", "");
  const { url, region, token } = cloud;
  const { accessKeyId, secretAccessKey } = localCredentials(cloud);
  const environment = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // botocore reads the second alone.
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: url,
  };
  if (json) {
    const dashboard = `${url}/dashboard?token=${token}`;
    return `${JSON.stringify({ url, region, accessKeyId, secretAccessKey, token, dashboard, environment })}\n`;
  }
  // Letters, digits and `-_:/.` alone: nothing that a shell would take for its own.
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
  return `${[...lines, `unset ${OTHERS.join(" ")}`].join("\n")}\n`;
}
