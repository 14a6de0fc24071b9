import { isRecord } from "../../contract/config/field.ts";
import { jsonOf, type Reply } from "./ask.ts";
import { memberOf, oneEach } from "./answers.ts";
import { defineProtocol, type ReadAnswer } from "./define.ts";
import { rowOf } from "./inputs.ts";

const PING = { method: "GET", path: "/ping" } as const;
const INVOCATIONS = "/invocations";
const CSV = "text/csv";
const TYPES = ["application/json", CSV] as const;

const bodyOf = (contentType: string, inputs: readonly unknown[]) =>
  contentType === CSV
    ? inputs.map((input) => rowOf(input).join(",")).join("\n")
    : JSON.stringify(inputs.map((input) => rowOf(input)));
const asked = (contentType: string, example: unknown) =>
  ({ method: "POST", path: INVOCATIONS, contentType, body: bodyOf(contentType, [example]) }) as const;

/**
 * A container takes whatever media type its author has chosen; the two that AWS's own take are tried with the example.
 * vLLM and MLflow have both paths, too, and are found before.
 */
export const definition = defineProtocol({
  name: "sagemaker",
  title: "SageMaker inference container",
  servers: "containers built for SageMaker endpoints",
  source: "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html",
  order: 80,
  probes: (_, example) => [PING, ...TYPES.map((type) => asked(type, example))],
  recognise(replies, said, example) {
    if (replies(PING)?.status !== 200) return undefined;
    const contentType = TYPES.find((type) => {
      const reply = replies(asked(type, example));
      return reply?.status === 200 && "values" in valuesIn(reply, 1);
    });
    if (contentType === undefined) return undefined;
    return {
      predictPath: said.predictPath ?? INVOCATIONS,
      healthPath: PING.path,
      inputs: [],
      contentType,
    };
  },
  body: ({ contentType }, inputs) => bodyOf(contentType, inputs),
  read: valuesIn,
  namesVersion: false,
  batches: true,
});

/** JSON of any of the usual forms, or lines of CSV. */
function valuesIn(reply: Reply, count: number): ReadAnswer {
  const { text } = reply;
  const parsed = jsonOf(reply);
  const predictions = memberOf(parsed, "predictions");
  if (predictions !== undefined) return oneEach(predictions, count, "predictions");
  if (Array.isArray(parsed)) return oneEach(parsed, count, "values");
  const value = isRecord(parsed) ? parsed["prediction"] : parsed;
  if (value !== undefined && count === 1) return { values: [value] };
  if (parsed !== undefined) return { flaw: "no predictions" };
  const lines = text.trim().split(/\r?\n/);
  const rows = lines.map((line) => line.split(",").map(Number));
  if (text.trim() === "" || rows.flat().some(Number.isNaN)) return { flaw: "neither JSON nor CSV" };
  return oneEach(
    rows.map((row) => (row.length === 1 ? row[0] : row)),
    count,
    "lines",
  );
}
