import { ALL_PROTOCOLS } from "../../../validation/protocols/all.ts";
import type { Protocol, ServedModel } from "../../../validation/protocols/define.ts";
import { detect } from "../../../validation/protocols/detect.ts";
import { readOf } from "../../../validation/protocols/speaker.ts";
import { demand, type FuzzedParser } from "../parser.ts";
import { takenIf, textOf } from "../support.ts";

const SEEDS = [
  '{"predictions":[3,4]}',
  '{"predictions":[{"label":"a"}],"model_version":"2"}',
  '{"prediction":3,"modelVersion":"2","version":"2"}',
  '{"outputs":[{"name":"predict","shape":[2,1],"datatype":"FP64","data":[1,2]}],"model_version":"2"}',
  '{"outputs":[{"name":"predict","shape":[2,2],"data":[[1,2],[3,4]]}]}',
  '{"choices":[{"message":{"content":"Paris"}}],"usage":{"completion_tokens":3}}',
  '{"data":[{"embedding":[0.1,0.2]}]}',
  "[1,2]",
  "1,2\n3,4",
  '{"score": NaN, "prediction": Infinity}',
];
const MODEL: ServedModel = {
  name: "m",
  predictPath: "/predict",
  healthPath: "/health",
  inputs: [],
  contentType: "application/json",
  versionHeader: "x-model-version",
  custom: { request: "{{input}}", prediction: "/prediction", error: "/error", version: "/version" },
};

/** A model's answer may be anything: it is values for the inputs, or a flaw. */
const reader = (protocol: Protocol): FuzzedParser => ({
  name: `protocol-${protocol.name}`,
  seeds: SEEDS,
  edits: "json",
  words: [
    "predictions",
    "prediction",
    "outputs",
    "data",
    "choices",
    "message",
    "content",
    "NaN",
    "-Infinity",
    "model_version",
    ",",
    "\n",
  ],
  take(input) {
    const text = textOf(input);
    let isTaken = false;
    for (const count of [1, 2]) {
      const reply = { status: 200, seconds: 0, text, header: () => text.slice(0, 20) };
      const read = readOf({ protocol, model: MODEL }, reply, count);
      demand("values" in read !== "flaw" in read, "it is both values and a flaw, or neither");
      if ("values" in read)
        demand(
          read.values.length === (protocol.batches ? count : read.values.length),
          `${read.values.length} values for ${count} inputs`,
        );
      demand(
        read.version === undefined || (typeof read.version === "string" && read.version !== ""),
        "a version is no text",
      );
      isTaken ||= "values" in read;
    }
    return takenIf(isTaken);
  },
});

/** What servers tell of themselves before anything is known of them. */
const detection: FuzzedParser = {
  name: "protocol-detection",
  seeds: [
    '{"object":"list","data":[{"id":"m"}]}',
    '[{"name":"m","version":"1","state":"READY"}]',
    '{"name":"m","versions":["1"],"platform":"p","inputs":[{"name":"x","datatype":"FP32","shape":[-1,4]}]}',
    '{"models":["m"]}',
    '{"paths":{"/predict":{"post":{"requestBody":{"content":{"application/json":{"schema":{"properties":{"x":{}}}}}}}}}}',
    '{"model":"m","version":"1","protocol":"bluegreen"}',
    ...SEEDS,
  ],
  edits: "json",
  words: [
    "name",
    "version",
    "inputs",
    "datatype",
    "shape",
    "paths",
    "post",
    "schema",
    "models",
    "data",
    "id",
  ],
  async take(input) {
    const text = textOf(input);
    const found = await detect(
      async () => ({ status: 200, seconds: 0, text }),
      "green",
      ALL_PROTOCOLS,
      {},
      { features: [1, 2] },
    );
    if (!("protocol" in found)) return "refused";
    const { model, protocol } = found;
    demand(model.predictPath.startsWith("/"), `its path is ${model.predictPath}`);
    demand(
      model.inputs.every(({ name }) => typeof name === "string"),
      "an input without a name",
    );
    const body = protocol.body(model, [{ features: [1, 2] }]);
    demand(typeof body === "string", "no body");
    return "accepted";
  },
};

export const REPLIES: readonly FuzzedParser[] = [...ALL_PROTOCOLS.map(reader), detection];
