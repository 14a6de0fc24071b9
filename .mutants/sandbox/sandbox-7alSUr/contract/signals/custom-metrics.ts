import { isRecord } from "../config/field.ts";
import type { ConfigReader } from "../config/reader.ts";
import { REQUESTS } from "./signal.ts";

/** `rollout` without `customMetrics`, which until version 0.2 was what `signals` is: where it stands, the same is named as signals. */
export function withoutCustomMetrics(reader: ConfigReader): Readonly<Record<string, unknown>> {
  const { customMetrics, ...rollout } = reader.object("rollout");
  if (customMetrics === undefined) return rollout;
  const next = reader.list("signals").length;
  const metrics = Array.isArray(customMetrics) ? customMetrics.filter(isRecord) : [];
  const values = metrics.flatMap((metric, index) => valuesOf(metric, `signals[${next + index}]`));
  const rm = "pulumi config rm --path rollout.customMetrics";
  const set = `pulumi config set-all --path ${values.map((one) => `--plaintext ${quoted(one)}`).join(" ")}`;
  reader.refuse(
    "rollout.customMetrics",
    customMetrics,
    "nothing here: each is a signal now, in `signals`",
    values.length === 0 ? rm : `${rm} && ${set}`,
  );
  return rollout;
}

/** The same as a signal: `path=value`, one of each. */
function valuesOf(metric: Readonly<Record<string, unknown>>, at: string): readonly string[] {
  const { name, namespace, metricName, dimensions } = metric;
  const source = { from: "cloudwatch", namespace, numerator: metricName, denominator: REQUESTS };
  const ofSource = Object.entries(source).map(([key, value]) => `${at}.source.${key}=${String(value)}`);
  const ofDimensions = Object.entries(isRecord(dimensions) ? dimensions : {}).map(
    ([key, value]) => `${at}.source.dimensions${member(key)}=${String(value)}`,
  );
  return [`${at}.name=${String(name)}`, ...ofSource, ...ofDimensions];
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const member = (name: string) => (/^[\w-]+$/.test(name) ? `.${name}` : `["${name}"]`);
