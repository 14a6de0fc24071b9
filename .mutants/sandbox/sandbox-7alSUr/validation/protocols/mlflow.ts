import { isRecord } from "../../contract/config/field.ts";
import { jsonOf } from "./ask.ts";
import { oneEach } from "./answers.ts";
import { defineProtocol } from "./define.ts";
import { columnsOf, rowOf, textOf } from "./inputs.ts";

/** It says which members it takes, and that is how it is known: SageMaker's containers have the same path. */
const WRONG = { method: "POST", path: "/invocations", body: "{}" } as const;

export const definition = defineProtocol({
  name: "mlflow",
  title: "MLflow scoring server",
  servers: "mlflow models serve, and images that mlflow models build-docker makes",
  source: "https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/#inference-server-specification",
  order: 40,
  probes: () => [WRONG],
  recognise(replies, said) {
    if (replies(WRONG)?.text.includes("dataframe_split") !== true) return undefined;
    return {
      predictPath: said.predictPath ?? "/invocations",
      healthPath: "/ping",
      inputs: [],
      contentType: "application/json",
    };
  },
  body(_, inputs) {
    const columns = inputs.map(columnsOf);
    const [first] = columns;
    const texts = inputs.map(textOf);
    if (texts.every((text) => text !== undefined)) return JSON.stringify({ inputs: texts });
    if (first === undefined) return JSON.stringify({ inputs: inputs.map(rowOf) });
    const names = Object.keys(first);
    const data = columns.map((one, index) =>
      names.map((name) => one?.[name] ?? rowOf(inputs[index])[names.indexOf(name)] ?? null),
    );
    return JSON.stringify({ dataframe_split: { columns: names, data } });
  },
  read(reply, count) {
    const body = jsonOf(reply);
    return isRecord(body) ? oneEach(body["predictions"], count, "predictions") : { flaw: "no JSON object" };
  },
  namesVersion: false,
  batches: true,
});
