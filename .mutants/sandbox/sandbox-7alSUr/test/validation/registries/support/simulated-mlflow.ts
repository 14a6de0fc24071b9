import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { askOverHttp } from "../../../../validation/adapters/registries/http.ts";
import type { RegistryTools } from "../../../../validation/registries/define.ts";

interface Kept {
  status: string;
  runId: string;
  tags: Record<string, string>;
}

/**
 * MLflow's registry as `mlflow server` 3.17.2 answers it (seen on one, with curl; test/servers/registry.test.ts asks a
 * real one the same): paths and bodies of its REST API, RESOURCE_DOES_NOT_EXIST with 404 for a version, and
 * INVALID_PARAMETER_VALUE with 400 for an alias that is not there.
 */
export class SimulatedMlflow {
  readonly versions = new Map<string, Map<string, Kept>>();
  readonly aliases = new Map<string, Map<string, string>>();
  readonly runs = new Map<string, Record<string, string>>();
  /** The file MLmodel of each version; empty: the server serves none. */
  file = "";
  /** `POST model-versions/set-tag fraud/2 deploy.slot`, in order. */
  readonly writes: string[] = [];
  /** What was in the header Authorization of each request. */
  readonly authorizations: (string | undefined)[] = [];
  /** Answers instead of MLflow: `hang`, or a status. */
  fault: "hang" | number | undefined;
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private url = "";

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    // A TCP server that listens has an address with a port.
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  add(name: string, version: string, tags: Record<string, string> = {}): void {
    const all = this.versions.get(name) ?? new Map<string, Kept>();
    this.versions.set(name, all.set(version, { status: "READY", runId: "", tags: { ...tags } }));
  }

  tagsOf(name: string, version: string): Record<string, string> {
    return this.versions.get(name)?.get(version)?.tags ?? {};
  }

  aliasesOf(name: string): Record<string, string> {
    return Object.fromEntries(this.aliases.get(name) ?? []);
  }

  /** As the tools of a verb are; `env` beside the address. */
  tools(env: Readonly<Record<string, string>> = {}, answerMs?: number): RegistryTools {
    const all: Readonly<Record<string, string>> = { MLFLOW_TRACKING_URI: this.url, ...env };
    const nobody = async () => Promise.reject(new Error("this is not SageMaker"));
    return {
      readFile: nobody,
      variable: (name) => all[name] || undefined,
      ask: askOverHttp(undefined, answerMs),
      packages: { list: nobody, describe: nobody, update: nobody },
    };
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://mlflow");
    let text = "";
    for await (const chunk of request) text += String(chunk);
    this.authorizations.push(request.headers.authorization);
    if (this.fault === "hang") return;
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (this.fault !== undefined) return answer(this.fault, "<html>Bad Gateway</html>");
    if (url.pathname === "/model-versions/get-artifact") {
      return this.file === ""
        ? answer(404, { error_code: "RESOURCE_DOES_NOT_EXIST" })
        : answer(200, this.file);
    }
    const path = url.pathname.replace("/api/2.0/mlflow/", "");
    const given: Record<string, string> =
      request.method === "GET" ? Object.fromEntries(url.searchParams) : JSON.parse(text);
    const { status, body } = this.call(`${request.method} ${path}`, given);
    answer(status, body);
  }

  private call(call: string, given: Record<string, string>): { status: number; body: unknown } {
    const { name = "", version = "", alias = "", key = "", value = "" } = given;
    const found = this.versions.get(name)?.get(version);
    const done = (what: string) => {
      this.writes.push(`${call} ${what}`);
      return { status: 200, body: {} };
    };
    const unknown = {
      status: 404,
      body: {
        error_code: "RESOURCE_DOES_NOT_EXIST",
        message: `Model Version (name=${name}, version=${version}) not found`,
      },
    };
    switch (call) {
      case "GET model-versions/get":
        return found === undefined
          ? unknown
          : { status: 200, body: { model_version: this.shown(name, version, found) } };
      case "GET registered-models/alias": {
        const to = this.aliases.get(name)?.get(alias);
        const message = `Registered model alias ${alias} not found.`;
        if (to === undefined)
          return { status: 400, body: { error_code: "INVALID_PARAMETER_VALUE", message } };
        return this.call("GET model-versions/get", { name, version: to });
      }
      case "GET registered-models/get": {
        const aliases = [...(this.aliases.get(name) ?? [])].map(([one, to]) => ({ alias: one, version: to }));
        // Without any, the server leaves the list out.
        return { status: 200, body: { registered_model: { name, ...(aliases.length > 0 && { aliases }) } } };
      }
      case "GET model-versions/search":
        return { status: 200, body: this.search(given) };
      case "GET runs/get": {
        const tags = Object.entries(this.runs.get(given["run_id"] ?? "") ?? {});
        return {
          status: 200,
          body: { run: { data: { tags: tags.map(([one, said]) => ({ key: one, value: said })) } } },
        };
      }
      case "POST registered-models/alias":
        this.aliases.set(name, (this.aliases.get(name) ?? new Map<string, string>()).set(alias, version));
        return done(`${name}@${alias} ${version}`);
      case "DELETE registered-models/alias":
        this.aliases.get(name)?.delete(alias);
        return done(`${name}@${alias}`);
      case "POST model-versions/set-tag":
        if (found === undefined) return unknown;
        found.tags[key] = value;
        return done(`${name}/${version} ${key}`);
      case "DELETE model-versions/delete-tag":
        if (found === undefined) return unknown;
        delete found.tags[key];
        return done(`${name}/${version} ${key}`);
      default:
        return { status: 404, body: `<html>no ${call}</html>` };
    }
  }

  private search({ filter = "", page_token: token = "0" }: Record<string, string>) {
    const [, key = "", value = ""] = /^tags\.`([^`]+)` = '(.*)'$/.exec(filter) ?? [];
    const all = [...this.versions].flatMap(([name, versions]) =>
      [...versions]
        .filter(([, { tags }]) => tags[key] === value)
        .map(([version, kept]) => this.shown(name, version, kept)),
    );
    // Pages of one: whoever reads the first alone is found out.
    const at = Number(token);
    const next = at + 1 < all.length ? { next_page_token: String(at + 1) } : {};
    return { model_versions: all.slice(at, at + 1), ...next };
  }

  private shown(name: string, version: string, { status, runId, tags }: Kept) {
    const pairs = Object.entries(tags).map(([key, value]) => ({ key, value }));
    return { name, version, status, run_id: runId, ...(pairs.length > 0 && { tags: pairs }) };
  }
}
