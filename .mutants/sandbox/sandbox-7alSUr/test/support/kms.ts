import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** As much of AWS's KMS as the Pulumi CLI asks for: `Encrypt` and `Decrypt`, in AWS's JSON protocol, with one key. */
export interface Kms {
  readonly url: string;
  /** Operations that were answered, in order. */
  readonly asked: readonly string[];
  /** While it is down it answers nobody. */
  setDown(isDown: boolean): void;
  close(): Promise<void>;
}

export async function startKms(): Promise<Kms> {
  const key = randomBytes(32);
  const asked: string[] = [];
  let isDown = false;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (isDown) return request.socket.destroy();
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      const answer = carryOut(operation, body, key);
      if (answer !== undefined) asked.push(operation);
      response.writeHead(answer === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      return response.end(JSON.stringify(answer ?? { __type: "UnsupportedOperationException" }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    setDown(down) {
      isDown = down;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, string>>> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  // KMS's requests are flat objects of texts, as far as this one knows them.
  return JSON.parse(text) as Record<string, string>;
}

const KEY_ID = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000001";
const NONCE = 12;
const TAG = 16;

function carryOut(operation: string, body: Readonly<Record<string, string>>, key: Buffer) {
  const { Plaintext = "", CiphertextBlob = "" } = body;
  if (operation === "Encrypt") {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = [nonce, cipher.update(Buffer.from(Plaintext, "base64")), cipher.final()];
    const blob = Buffer.concat([...sealed, cipher.getAuthTag()]);
    return { CiphertextBlob: blob.toString("base64"), KeyId: KEY_ID };
  }
  if (operation !== "Decrypt") return undefined;
  const blob = Buffer.from(CiphertextBlob, "base64");
  const cipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, NONCE));
  cipher.setAuthTag(blob.subarray(-TAG));
  const plain = Buffer.concat([cipher.update(blob.subarray(NONCE, -TAG)), cipher.final()]);
  return { Plaintext: plain.toString("base64"), KeyId: KEY_ID };
}
