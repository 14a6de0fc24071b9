import { request } from "node:http";
import type { Attack } from "./attacks.ts";

/** The status of the answer to exactly this request; `fetch` would choose Host and Origin itself. */
export function statusOf(
  port: number,
  { method, path, headers, body }: Omit<Attack, "what">,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    sent.on("error", reject).end(body);
  });
}
