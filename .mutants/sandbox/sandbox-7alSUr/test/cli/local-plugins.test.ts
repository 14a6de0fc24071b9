import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, it } from "vitest";
import { writePlugins } from "../../cli/local/plugins.ts";

/** One call, as the engine makes it. */
function call<Answer>(
  make: (done: (error: ServiceError | null, answer: Answer) => void) => unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    make((error, answer) => (error === null ? resolve(answer) : reject(error)));
  });
}

it("the launcher of a plugin prints the port first, has the version of the SDK, and ends when its parent is gone", async () => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen plugin's "));
  try {
    await writePlugins(directory);
    const launcher = join(directory, "plugins", "aws", "pulumi-resource-aws");
    // A parent that is killed as an engine may be; the plugin writes to the same standard output.
    const parent = spawn("sh", ["-c", '"$0" & wait', launcher], { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(parent.stdout, "close");
    const [line] = await once(parent.stdout.setEncoding("utf8"), "data");
    const plugin = new services.ResourceProviderClient(
      `127.0.0.1:${Number(line)}`,
      credentials.createInsecure(),
    );
    const info = await call<{ getVersion(): string }>((done) =>
      plugin.getPluginInfo(new empty.Empty(), done),
    );
    const sdk: { version: string } = createRequire(import.meta.url)("@pulumi/aws/package.json");
    expect(info.getVersion()).toBe(sdk.version);
    const config = await call<InstanceType<typeof messages.CheckResponse>>((done) =>
      plugin.checkConfig(new messages.CheckRequest(), done),
    );
    expect(config.getFailuresList()[0]?.getReason()).toBe(
      "no local cloud runs here; start it: npx bluegreen local",
    );
    plugin.close();
    parent.kill("SIGKILL");
    await closed;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
