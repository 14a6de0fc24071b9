/** A model in a process of its own: answers a small JSON text at once, by node:http. Says its port when it listens. */
import { createServer } from "node:http";

const answer = JSON.stringify({
  model_name: "digits",
  model_version: "3",
  outputs: [{ name: "predict", shape: [1, 1], datatype: "INT64", data: [4] }],
});
const server = createServer((req, res) => {
  req.resume();
  req.on("end", () => {
    res.writeHead(200, { "content-type": "application/json", "content-length": answer.length });
    res.end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : "");
});
