/**
 * The digits, with what goes wrong with models after some time: `--kind failing|slow|silent|leaking`, in so many of its
 * predictions (`--part 0.5`), from one of them on (`--after 300`). Health stays good, and the test rules see no more of
 * it than the first predictions.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { withFault, type Predict } from "../../examples/digits/faults.ts";
import { answerCounts } from "../../examples/digits/metrics.ts";
import { classify, loadModel } from "../../examples/digits/model.ts";
import { createService, stopGracefully } from "../../examples/digits/server.ts";

const { values } = parseArgs({
  options: {
    version: { type: "string", default: "0" },
    kind: { type: "string", default: "good" },
    /** Of the predictions, 0 to 1; of a leak the bytes that each of them keeps. */
    part: { type: "string", default: "0" },
    after: { type: "string", default: "0" },
  },
});

const SLOW_MS = 5_000;
const part = Number(values.part);
const after = Number(values.after);
const kept: Buffer[] = [];
const model = loadModel("2");
const { SLOT: slot, STACK: stack, RELEASE: release, PORT: port, HOST: host } = process.env;
const counts =
  slot === undefined || stack === undefined
    ? undefined
    : answerCounts({ slot, stack, release }, values.version);

let predictions = 0;
let due = 0;
/** Counted and not drawn, so that a part is this part. */
function isDue(): boolean {
  if (predictions <= after) return false;
  due += part;
  if (due < 1) return false;
  due -= 1;
  return true;
}

const KINDS: Readonly<Record<string, (predict: Predict) => Predict>> = {
  good: (predict) => predict,
  mismatched: (predict) => withFault("preprocessing-mismatch", predict),
  crashing: (predict) => withFault("crash-on-start", predict),
  failing: (predict) => (features) => {
    if (isDue()) throw new Error("the model fails on this request");
    return predict(features);
  },
  slow: (predict) => async (features) => {
    if (isDue()) await sleep(SLOW_MS);
    return predict(features);
  },
  silent: (predict) => (features) => (isDue() ? NaN : predict(features)),
  leaking: (predict) => (features) => {
    kept.push(Buffer.alloc(part, 1));
    return predict(features);
  },
};

const spoil = KINDS[values.kind];
if (spoil === undefined) throw new Error(`--kind is one of ${Object.keys(KINDS).join(", ")}`);
const spoiled = spoil((features) => {
  const { digit, sureness } = classify(model, features);
  counts?.classified(sureness);
  return digit;
});
const server = createService({
  modelVersion: values.version,
  metadata: { model: "digits", modelVersion: values.version },
  async predict(features) {
    predictions += 1;
    const digit = await spoiled(features);
    counts?.answered(digit);
    return digit;
  },
});
server.listen(Number(port ?? 8080), host ?? "127.0.0.1");
const tell = () => {
  const line = counts?.line();
  if (line !== undefined) console.log(line);
};
setInterval(tell, 1_000).unref();
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void stopGracefully(server, 10_000).then(() => {
      tell();
      process.exit(0);
    });
  });
}
