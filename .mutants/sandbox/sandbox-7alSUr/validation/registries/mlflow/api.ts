import * as v from "valibot";
import type { RegistryRequest, RegistryTools } from "../define.ts";

/** A version in MLflow's registry. */
export interface MlflowVersion {
  readonly name: string;
  readonly version: string;
  /** `READY` when its files are there. */
  readonly status: string;
  readonly runId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** MLflow has answered, and not with what was asked for. */
export class MlflowRefusal extends Error {
  readonly isUnknown: boolean;

  constructor(status: number, code: string, message: string) {
    super(`MLflow answers ${status}: ${message || code || "no reason"}`);
    this.name = "MlflowRefusal";
    this.isUnknown = code === "RESOURCE_DOES_NOT_EXIST";
  }
}

const Pairs = v.optional(v.array(v.object({ key: v.string(), value: v.optional(v.string(), "") })), []);
const Version = v.object({
  name: v.string(),
  version: v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
  status: v.optional(v.string(), "READY"),
  run_id: v.optional(v.string(), ""),
  tags: Pairs,
});
const One = v.object({ model_version: Version });
const Page = v.object({
  model_versions: v.optional(v.array(Version), []),
  next_page_token: v.optional(v.string(), ""),
});
const Model = v.object({
  registered_model: v.object({
    aliases: v.optional(
      v.array(
        v.object({
          alias: v.string(),
          version: v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
        }),
      ),
      [],
    ),
  }),
});
const Run = v.object({ run: v.object({ data: v.object({ tags: Pairs }) }) });
const Refusal = v.object({ error_code: v.optional(v.string(), ""), message: v.optional(v.string(), "") });

/** Most versions of one stack that are looked at: 50 pages. */
const MOST_PAGES = 50;

const read = ({ run_id: runId, tags, ...own }: v.InferOutput<typeof Version>): MlflowVersion => ({
  ...own,
  runId,
  tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
});

/** The few calls of MLflow's REST API that the product makes: mlflow.org/docs/latest/rest-api.html. */
export function mlflowApi(tools: RegistryTools) {
  const { base, headers } = mlflowAddress(tools.variable);
  const ask = async (request: Omit<RegistryRequest, "url">, path: string, query: Query = {}) => {
    const search = new URLSearchParams(query).toString();
    const url = `${base}${path}${search === "" ? "" : `?${search}`}`;
    const { status, text } = await tools.ask({
      ...request,
      url,
      headers: { ...headers, ...request.headers },
    });
    if (status === 200) return text;
    const { error_code: code, message } = v.parse(Refusal, jsonOr(text, {}));
    throw new MlflowRefusal(status, code, message);
  };
  const get = async (path: string, query: Query): Promise<unknown> =>
    JSON.parse(await ask({ method: "GET" }, `${API}/${path}`, query));
  const send = async (method: "POST" | "DELETE", path: string, body: Query): Promise<void> => {
    const json = { "content-type": "application/json" };
    await ask({ method, headers: json, body: JSON.stringify(body) }, `${API}/${path}`);
  };
  return {
    version: async (name: string, version: string) =>
      read(v.parse(One, await get("model-versions/get", { name, version })).model_version),
    aliased: async (name: string, alias: string) =>
      read(v.parse(One, await get("registered-models/alias", { name, alias })).model_version),
    /** Versions of all models that have this tag. */
    async tagged(key: string, value: string): Promise<readonly MlflowVersion[]> {
      const found: MlflowVersion[] = [];
      const filter = `tags.\`${key}\` = '${value.replaceAll("'", "''")}'`;
      let token = "";
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const query = { filter, max_results: "200", ...(token === "" ? {} : { page_token: token }) };
        const page = v.parse(Page, await get("model-versions/search", query));
        found.push(...page.model_versions.map(read));
        token = page.next_page_token;
        if (token === "") return found;
      }
      throw new Error(`more than ${MOST_PAGES} pages of versions have ${key} ${value}`);
    },
    /** Version by alias. */
    async aliases(name: string): Promise<ReadonlyMap<string, string>> {
      const { aliases } = v.parse(Model, await get("registered-models/get", { name })).registered_model;
      return new Map(aliases.map(({ alias, version }) => [alias, version]));
    },
    setAlias: (name: string, alias: string, version: string) =>
      send("POST", "registered-models/alias", { name, alias, version }),
    deleteAlias: (name: string, alias: string) => send("DELETE", "registered-models/alias", { name, alias }),
    setTag: ({ name, version }: MlflowVersion, key: string, value: string) =>
      send("POST", "model-versions/set-tag", { name, version, key, value }),
    deleteTag: ({ name, version }: MlflowVersion, key: string) =>
      send("DELETE", "model-versions/delete-tag", { name, version, key }),
    async runTags(runId: string): Promise<Readonly<Record<string, string>>> {
      const { tags } = v.parse(Run, await get("runs/get", { run_id: runId })).run.data;
      return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
    },
    /** A file beside the model, where the server serves its files. */
    file: (name: string, version: string, path: string) =>
      ask({ method: "GET" }, "/model-versions/get-artifact", { name, version, path }),
  };
}

export type MlflowApi = ReturnType<typeof mlflowApi>;

type Query = Readonly<Record<string, string>>;
const API = "/api/2.0/mlflow";

/** As MLflow's own client finds it: mlflow.org/docs/latest/self-hosting/security/basic-http-auth. */
export function mlflowAddress(variable: RegistryTools["variable"]) {
  const said = variable("MLFLOW_REGISTRY_URI") ?? variable("MLFLOW_TRACKING_URI");
  if (said === undefined) throw new Error("MLFLOW_TRACKING_URI is not set");
  const url = URL.canParse(said) ? new URL(said) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // Whatever it is, it may have a password in it.
    throw new Error("MLFLOW_TRACKING_URI is not the http:// or https:// address of an MLflow server");
  }
  const token = variable("MLFLOW_TRACKING_TOKEN");
  const user = variable("MLFLOW_TRACKING_USERNAME") ?? decodeURIComponent(url.username);
  const password = variable("MLFLOW_TRACKING_PASSWORD") ?? decodeURIComponent(url.password);
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  // MLflow's client takes a user with a password before a token.
  const authorization = user === "" ? token && `Bearer ${token}` : basic;
  const base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const headers: Readonly<Record<string, string>> = authorization === undefined ? {} : { authorization };
  return { base, headers };
}

function jsonOr(text: string, other: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page in place of an answer: the status says it all.
    return other;
  }
}
