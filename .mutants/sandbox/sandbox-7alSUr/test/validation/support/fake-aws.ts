import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Target } from "../../../validation/adapters/target.ts";

export interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the server answers: JSON for CloudWatch and ECS, XML for ELBv2; `error` is an AWS error code. */
export type Answered =
  | { readonly json: unknown }
  | { readonly xml: string }
  | { readonly error: string; readonly message?: string };

export interface FakeAws {
  readonly target: Target;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** A loopback server in AWS's wire formats, for the real SDK clients. It knows nothing; `answer` decides. */
export async function fakeAws(answer: (asked: Asked, count: number) => Answered): Promise<FakeAws> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const one = read(request.headers["x-amz-target"], body);
      asked.push(one);
      const given = answer(one, asked.length);
      const isQuery = request.headers["x-amz-target"] === undefined;
      const { status, type, text } = render(given, one.operation, isQuery);
      response.writeHead(status, { "content-type": type });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    target: {
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(target: string | string[] | undefined, body: string): Asked {
  if (typeof target === "string") {
    // The clients under test send objects.
    return { operation: target.split(".").at(-1) ?? "", input: JSON.parse(body) as Record<string, unknown> };
  }
  const { Action = "", ...input } = Object.fromEntries(new URLSearchParams(body));
  return { operation: Action, input };
}

function render(given: Answered, operation: string, isQuery: boolean) {
  if ("json" in given)
    return { status: 200, type: "application/x-amz-json-1.0", text: JSON.stringify(given.json) };
  if ("xml" in given) {
    const text = `<${operation}Response><${operation}Result>${given.xml}</${operation}Result></${operation}Response>`;
    return { status: 200, type: "text/xml", text };
  }
  const message = given.message ?? "no";
  const text = isQuery
    ? `<ErrorResponse><Error><Type>Sender</Type><Code>${given.error}</Code><Message>${message}</Message></Error></ErrorResponse>`
    : JSON.stringify({ __type: given.error, message });
  return { status: 400, type: isQuery ? "text/xml" : "application/x-amz-json-1.0", text };
}
