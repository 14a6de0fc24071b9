import { join } from "node:path";
import { createEngine, type Engine } from "../../local/engine/engine.ts";
import { awsxComponents } from "../../local/provider/awsx.ts";
import { httpProvider } from "../../local/provider/http.ts";
import type { Endpoint, LocalPlace } from "./place.ts";

/** The embedded engine of the local project, on the resource provider of the cloud that runs there. */
export function localEngine({ root, directory }: LocalPlace, cloud: Endpoint | undefined): Promise<Engine> {
  return createEngine({
    stateDirectory: join(directory, "pulumi"),
    // Shared by all local clouds of the checkout: a program that was compiled once starts a second faster.
    compileCacheDirectory: join(root, "node_modules", ".cache", "bluegreen"),
    // Port 1 is never ours: without a cloud, commands that need it say so, and the others work.
    provider: httpProvider(cloud?.url ?? "http://127.0.0.1:1"),
    components: awsxComponents,
  });
}
