import type { STSClient } from "@aws-sdk/client-sts";
import { isRecord } from "../../../contract/config/field.ts";

/**
 * Calls of services of which the product has no client: a run needs a handful of theirs, which is no dependency's worth
 * (docs/decisions/0004). Signed by the client that is there.
 */
export interface Raw {
  /** The query protocol (EC2, IAM): the answer's XML. */
  query(service: QueryService, action: string, input: Readonly<Record<string, string>>): Promise<string>;
  /** JSON 1.1 (ACM, CloudWatch Logs, CloudTrail). `region`: instead of the run's own. */
  json(service: JsonService, action: string, input: object, region?: string): Promise<Json>;
}

export type Json = Readonly<Record<string, unknown>>;

// Versions and targets: the services' API references and published models.
const QUERY = { ec2: "2016-11-15", iam: "2010-05-08" } as const;
const JSON_TARGETS = {
  acm: "CertificateManager",
  logs: "Logs_20140328",
  cloudtrail: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
} as const;
export type QueryService = keyof typeof QUERY;
export type JsonService = keyof typeof JSON_TARGETS;

/** AWS's own name and words of a refusal. */
export class RawError extends Error {
  /** As the SDK's errors have it. */
  readonly $fault: "client" | "server";
  constructor(name: string, message: string, status: number) {
    super(message);
    this.name = name;
    this.$fault = status >= 400 && status < 500 ? "client" : "server";
  }
}

const TIMEOUT_MS = 20_000;

export function rawCalls(sts: STSClient, region: string, environment: NodeJS.ProcessEnv): Raw {
  const post = async (
    service: string,
    of: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ) => {
    const { url, signingRegion } = addressOf(service, of, environment);
    const signer = await sts.config.signer({
      name: "sigv4",
      signingName: service,
      signingRegion,
      properties: {},
    });
    const request = {
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      path: "/",
      query: {},
      headers: { host: url.host, ...headers },
      body,
    };
    const signed = await signer.sign(request, { signingService: service, signingRegion });
    const response = await fetch(url, {
      method: "POST",
      headers: signed.headers,
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  };
  return {
    async query(service, action, input) {
      const form = new URLSearchParams({ Action: action, Version: QUERY[service], ...input });
      const type = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
      const { ok, status, text } = await post(service, region, type, form.toString());
      if (ok) return text;
      throw new RawError(
        textsIn(text, "Code")[0] ?? "Unknown",
        textsIn(text, "Message")[0] ?? text.slice(0, 200),
        status,
      );
    },
    async json(service, action, input, of = region) {
      const headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `${JSON_TARGETS[service]}.${action}`,
      };
      const { ok, status, text } = await post(service, of, headers, JSON.stringify(input));
      const answer = read(text, status);
      if (ok) return answer;
      const name = String(answer["__type"] ?? "Unknown").replace(/^.*#/, "");
      throw new RawError(name, String(answer["message"] ?? answer["Message"] ?? ""), status);
    },
  };
}

/** A load balancer's or a proxy's page is no answer of AWS's. */
function read(text: string, status: number): Json {
  if (text === "") return {};
  try {
    const raw: unknown = JSON.parse(text);
    return isRecord(raw) ? raw : {};
  } catch {
    throw new RawError("Unknown", text.slice(0, 200), status);
  }
}

/** As the SDK's clients have it: AWS_ENDPOINT_URL_<SERVICE> before AWS_ENDPOINT_URL before AWS's own. */
function addressOf(service: string, region: string, environment: NodeJS.ProcessEnv) {
  const own = environment[`AWS_ENDPOINT_URL_${SERVICE_IDS[service] ?? service.toUpperCase()}`];
  const said = own ?? environment["AWS_ENDPOINT_URL"];
  const isChina = region.startsWith("cn-");
  // IAM is one in a partition (AWS General Reference, IAM endpoints).
  const signingRegion = service === "iam" ? (isChina ? "cn-north-1" : "us-east-1") : region;
  if (said !== undefined && said !== "") return { url: new URL(said), signingRegion };
  const domain = isChina ? "amazonaws.com.cn" : "amazonaws.com";
  const host = service === "iam" && !isChina ? `iam.${domain}` : `${service}.${signingRegion}.${domain}`;
  return { url: new URL(`https://${host}/`), signingRegion };
}

const SERVICE_IDS: Readonly<Record<string, string>> = { logs: "CLOUDWATCH_LOGS" };

/** The texts of all elements of this name, in order. */
export function textsIn(xml: string, element: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text]) =>
    unescaped(text ?? ""),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
const unescaped = (text: string) =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** `Filter.1.Name=…&Filter.1.Value.1=…`, as EC2 takes lists. */
export const filters = (of: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(of).flatMap(([name, value], index) => [
      [`Filter.${index + 1}.Name`, name],
      [`Filter.${index + 1}.Value.1`, value],
    ]),
  );
