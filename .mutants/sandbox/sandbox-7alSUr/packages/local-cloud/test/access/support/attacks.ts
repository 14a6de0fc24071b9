import { applicationAutoScalingService } from "../../../aws-api/application-auto-scaling.ts";
import { cloudWatch } from "../../../aws-api/cloudwatch.ts";
import { ecsService } from "../../../aws-api/ecs.ts";
import { createCloudWatch } from "../../../alarms/cloudwatch.ts";
import { createElb } from "../../../gateway/elb.ts";
import { createMetricStore } from "../../../metrics/store.ts";
import { createEcs } from "../../../tasks/ecs.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** A request that changes something, starts something, or tells something. */
export interface Attack {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a page or another user wants most: a task with code of their own. */
const TASK = JSON.stringify({
  family: "stolen",
  containerDefinitions: [
    { name: "model", image: "digits:1", environment: [{ name: "NODE_OPTIONS", value: "--version" }] },
  ],
});

/** One request for each operation of each API, each method of the provider, and each path of the cloud's own. */
export async function attacks(): Promise<readonly Attack[]> {
  const clock = new ManualClock();
  const region = "us-east-1";
  const store = createMetricStore({ clock });
  const elb = createElb({ clock, region, metrics: store });
  const images = { resolve: () => undefined, known: () => [] };
  const ecs = createEcs({ clock, region, images, targets: elb, metrics: store, logDirectory: "unused" });
  const watch = createCloudWatch({ clock, region, store });
  watch.close();
  await Promise.all([ecs.close(), elb.close()]);

  const json = [cloudWatch(watch.operations), ecsService(ecs), applicationAutoScalingService(ecs)].flatMap(
    ({ targetPrefix, jsonVersion, operations }) =>
      Object.keys(operations).map((name) => ({
        what: `${targetPrefix}.${name}`,
        method: "POST",
        path: "/",
        headers: {
          "x-amz-target": `${targetPrefix}.${name}`,
          "content-type": `application/x-amz-json-${jsonVersion}`,
        },
        body: name === "RegisterTaskDefinition" ? TASK : "{}",
      })),
  );
  const form = Object.keys(elb.operations).map((name) => ({
    what: name,
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Action: name, Version: "2015-12-01" }).toString(),
  }));
  const bucket = JSON.stringify({
    type: "aws:s3/bucket:Bucket",
    urn: "urn:stolen",
    inputs: { bucket: "stolen" },
  });
  const provider = ["check", "diff", "create", "update", "delete", "read", "invoke"].map((name) => ({
    what: `the provider's ${name}`,
    method: "POST",
    path: `/provider/${name}`,
    headers: { "content-type": "application/json" },
    body: bucket,
  }));
  const own = [
    "/",
    "/dashboard",
    "/dashboard/data",
    "/logs/models",
    "/logs",
    "/provider",
    "/nothing",
    "//clock",
    "/clock/../logs/models",
  ].map((path) => ({ what: `GET ${path}`, method: "GET", path, headers: {}, body: "" }));
  return [...json, ...form, ...provider, ...own];
}
