/**
 * The digits model as an HTTP service:
 *
 *     PORT=8080 node examples/digits/service.ts --model 2 [--version 3] [--fault one-in-five-fails] [--cold 20]
 *
 * --model    the weights to load, models/v<N>.json; without it the environment's DIGITS_MODEL
 * --version  the version that answers carry; without it the model's own
 * --fault    something to go wrong (faults.ts)
 * --cold     so many first requests of the process are slow (cold.ts)
 *
 * Environment: PORT (8080; 0 takes a free one), HOST (127.0.0.1), IMAGE_DIGEST (shown by /metadata), SLOT, STACK and
 * RELEASE (with a slot and a stack, answers are counted: metrics.ts). Answers to requests with an `x-request-id` are
 * written down for labels that come later (metrics.ts).
 */
import type { Server } from "node:http";
import { parseArgs } from "node:util";
import { coldFor } from "./cold.ts";
import { type Predict, withFault } from "./faults.ts";
import { answerCounts, predictionLine, type TaskPlace } from "./metrics.ts";
import { classes, classify, imagePixels, loadModel, maximumInk, modelVersions } from "./model.ts";
import { withRuntimeFault } from "./runtime-fault.ts";
import { createService, stopGracefully } from "./server.ts";

const countsEveryMs = 1000;
// Above the slowest answer of any fault, below the 30 s that ECS waits between SIGTERM and SIGKILL (stopTimeout).
const stopGraceMs = 10_000;

try {
  start();
} catch (error) {
  fail(error);
}

function start(): void {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      version: { type: "string" },
      fault: { type: "string" },
      cold: { type: "string" },
    },
  });
  const model = loadModel(modelArgument(values.model));
  const modelVersion = values.version ?? model.version;
  const place = taskPlace();
  const counts = place && answerCounts(place, modelVersion);
  const predictWell: Predict = (features) => {
    const { digit, sureness } = classify(model, features);
    counts?.classified(sureness);
    return digit;
  };
  const faulty = withRuntimeFault(
    values.fault === undefined ? predictWell : withFault(values.fault, predictWell),
  );
  const predict: Predict = async (features) => {
    const digit = await faulty(features);
    counts?.answered(digit);
    return digit;
  };
  const server = createService({
    predict: values.cold === undefined ? predict : coldFor(values.cold, predict),
    modelVersion,
    onPrediction(requestId, prediction) {
      console.log(predictionLine(requestId, prediction, modelVersion));
    },
    metadata: {
      model: model.model,
      modelVersion,
      kind: model.kind,
      input: { features: { shape: [imagePixels], minimum: 0, maximum: maximumInk } },
      output: { prediction: { minimum: 0, maximum: classes - 1 } },
      trainingData: model.trainingData,
      accuracy: model.accuracy,
      imageDigest: setting("IMAGE_DIGEST"),
    },
  });
  listen(server, modelVersion, values.fault);
  const tell = () => {
    const line = counts?.line();
    if (line !== undefined) console.log(line);
  };
  setInterval(tell, countsEveryMs).unref();
  stopOnSignal(server, tell);
}

/** undefined: this process is no task of a stack. */
function taskPlace(): TaskPlace | undefined {
  const [slot, stack] = [setting("SLOT"), setting("STACK")];
  return slot === undefined || stack === undefined ? undefined : { slot, stack, release: setting("RELEASE") };
}

function modelArgument(argument: string | undefined): string {
  const version = argument ?? setting("DIGITS_MODEL");
  if (version !== undefined) return version;
  throw new Error(`which model? Give --model or DIGITS_MODEL, one of ${modelVersions().join(", ")}`);
}

/** An environment variable; an empty one counts as not set, as in the shell's ${PORT:-8080}. */
function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

function listen(server: Server, modelVersion: string, fault: string | undefined): void {
  const host = setting("HOST") ?? "127.0.0.1";
  server.on("error", fail);
  server.listen(Number(setting("PORT") ?? 8080), host, () => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : address;
    const remark = fault === undefined ? "" : ` (with the fault ${fault})`;
    console.log(`digits ${modelVersion} listens on http://${host}:${port}${remark}`);
  });
}

function stopOnSignal(server: Server, tell: () => void): void {
  let stopping = false;
  const stop = async (signal: string) => {
    // Ctrl+C in a terminal reaches the whole process group, and the parent may then send its own SIGTERM as well.
    if (stopping) return;
    stopping = true;
    console.log(`digits: ${signal}, finishing the requests in flight`);
    await stopGracefully(server, stopGraceMs);
    tell();
    process.exit(0);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}

function fail(error: unknown): void {
  console.error(`digits: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
