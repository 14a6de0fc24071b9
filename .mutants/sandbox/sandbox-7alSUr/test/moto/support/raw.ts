import { isRecord } from "../../../contract/config/field.ts";
import { REGION, type Moto } from "./moto.ts";

/** Calls of services that the product has no SDK client for. moto looks at the service in the signature, not at the rest. */
const headersFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

/** What a call answered; `error`: AWS's name for it. */
export interface Answered {
  readonly status: number;
  readonly body: string;
  readonly error: string | undefined;
}

async function send(url: string, init: RequestInit): Promise<Answered> {
  const response = await fetch(url, init);
  const body = await response.text();
  return { status: response.status, body, error: response.ok ? undefined : errorIn(body) };
}

function errorIn(body: string): string {
  const xml = /<Code>([^<]+)<\/Code>/.exec(body)?.[1];
  const json = /"(?:__type|Type|code)":\s*"(?:[^"]*#)?([^"]+)"/.exec(body)?.[1];
  return xml ?? json ?? body.slice(0, 200);
}

/** A call of a query service (IAM, STS, SQS, EC2); lists are `Name.member.1`, or as the service has it. */
export const query = (moto: Moto, service: string, parameters: Readonly<Record<string, string>>) =>
  send(`${moto.endpoint}/`, {
    method: "POST",
    headers: { ...headersFor(service), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(parameters).toString(),
  });

/** A call of a JSON service (EventBridge, CloudWatch Logs): `AWSEvents.PutRule`. */
export const json = (moto: Moto, service: string, target: string, input: unknown) =>
  send(`${moto.endpoint}/`, {
    method: "POST",
    headers: {
      ...headersFor(service),
      "x-amz-target": target,
      "content-type": "application/x-amz-json-1.1",
    },
    body: JSON.stringify(input),
  });

/** A call of a REST service (Lambda). */
export const rest = (moto: Moto, service: string, method: string, path: string, input?: unknown) =>
  send(`${moto.endpoint}${path}`, {
    method,
    headers: { ...headersFor(service), "content-type": "application/json" },
    ...(input === undefined ? {} : { body: JSON.stringify(input) }),
  });

/** @throws what AWS's error said, when it was one. */
export async function accepted(answer: Promise<Answered>): Promise<string> {
  const { status, body, error } = await answer;
  if (error !== undefined) throw new Error(`${status} ${error}: ${body.slice(0, 500)}`);
  return body;
}

export function parsed(body: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(body);
  if (!isRecord(value)) throw new Error(`not an object: ${body}`);
  return value;
}

/** Texts of all elements of a name. */
export const elements = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) => text);
