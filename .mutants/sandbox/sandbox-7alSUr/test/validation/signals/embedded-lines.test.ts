/** Lines of AWS's own library, as a model's container writes them, from its output to the series that is judged. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createCloudWatch } from "../../../packages/local-cloud/alarms/cloudwatch.ts";
import { cloudWatch } from "../../../packages/local-cloud/aws-api/cloudwatch.ts";
import { createApiServer } from "../../../packages/local-cloud/aws-api/server.ts";
import { createMetricStore } from "../../../packages/local-cloud/metrics/store.ts";
import { publishLogMetrics } from "../../../packages/local-cloud/tasks/log-metrics.ts";
import { TEST_KEYS } from "../../../packages/local-cloud/test/support/local-keys.ts";
import { cloudWatchMetrics } from "../../../validation/adapters/metrics.ts";
import { readComparison } from "../../../validation/rollout/reading/read-counts.ts";
import { signalPlace } from "../../../validation/signals/read.ts";
import { sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
const LIBRARY = new URL(import.meta.resolve("aws-embedded-metrics")).pathname;
/** What docs/signals/signals.md shows: forty answers of a slot, each tenth (of green each second) of them refused. */
const MODEL = `
  const { createMetricsLogger, Unit } = require(${JSON.stringify(LIBRARY)});
  const { STACK: Stack, SLOT: Slot, RELEASE: release } = process.env;
  (async () => {
    for (let answer = 0; answer < 40; answer += 1) {
      const country = answer < 10 ? "DE" : "FR";
      const metrics = createMetricsLogger();
      metrics.setNamespace("MlBlueGreen/Signals");
      metrics.setDimensions([{ Stack, Slot }, { Stack, Slot, country }]);
      metrics.putMetric("Answers", 1, Unit.Count);
      metrics.putMetric("Refused", answer % (Slot === "green" ? 2 : 10) === 0 ? 1 : 0, Unit.Count);
      metrics.putMetric("Sureness", answer / 40, Unit.None);
      metrics.setProperty("release", release);
      await metrics.flush();
    }
  })();`;

const signals = [
  {
    name: "refused",
    source: { from: "log", numerator: "Refused", denominator: "Answers" },
    segments: { country: ["DE", "FR"] },
  },
];

let directory: string;
let world: World;
let end: () => Promise<void>;
let client: CloudWatchClient;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "embedded-lines-"));
  world = new World({ ...sharing(10), signals });
  const { clock } = world;
  const store = createMetricStore({ clock });
  const files = ["blue", "green"].map((service) => ({ service, file: join(directory, service) }));
  const stop = publishLogMetrics(() => files, {
    clock,
    metrics: store,
    log: (line) => {
      throw new Error(line);
    },
  });
  const watch = createCloudWatch({ clock, region: "us-east-1", store });
  const server = createApiServer({
    keys: TEST_KEYS,
    json: [cloudWatch(watch.operations)],
    onFault: (fault) => {
      throw fault;
    },
  });
  const { port } = await server.listen(0);
  client = new CloudWatchClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: TEST_KEYS,
  });
  end = async () => {
    stop();
    watch.close();
    client.destroy();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  };
});
afterEach(() => end());

it("forty answers of each slot are forty of its exposure, with the events among them, and by country", async () => {
  const { clock } = world;
  const from = new Date(clock.now()).toISOString();
  clock.advance(30_000);
  for (const slot of ["blue", "green"]) {
    const env = {
      ...process.env,
      STACK: signalPlace(world.deployed(), world.context().stack, "blue").stack,
      SLOT: slot,
      RELEASE: "v3-g7",
      AWS_EMF_ENVIRONMENT: "Local",
    };
    appendFileSync(join(directory, slot), execFileSync(process.execPath, ["-e", MODEL], { env }));
  }
  clock.advance(10 * MINUTE);
  const context = { ...world.context(), metrics: cloudWatchMetrics(async () => client) };
  const compared = { active: "a", attempt: 1, windows: [{ from }] };
  const { data } = await readComparison(context, world.deployed(), "green", compared, {}, []);
  const [refused] = data.signals;
  const total = (minutes: NonNullable<typeof refused>["minutes"]) =>
    (["candidate", "active"] as const).map((arm) => [
      minutes.reduce((sum, minute) => sum + minute[arm].events, 0),
      minutes.reduce((sum, minute) => sum + minute[arm].exposure, 0),
    ]);
  expect(total(refused?.minutes ?? [])).toEqual([
    [20, 40],
    [4, 40],
  ]);
  expect(refused?.segments.map(({ name, minutes }) => [name, total(minutes)])).toEqual([
    [
      "country=DE",
      [
        [5, 10],
        [1, 10],
      ],
    ],
    [
      "country=FR",
      [
        [15, 30],
        [3, 30],
      ],
    ],
  ]);
});
