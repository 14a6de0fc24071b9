import { isRecord } from "../../contract/config/field.ts";
import { jsonOf } from "./ask.ts";
import { memberOf, objectOf } from "./answers.ts";
import { defineProtocol, type NamedInput, type Replies } from "./define.ts";
import { rowOf } from "./inputs.ts";

const SCHEMA = { method: "GET", path: "/schema.json" } as const;

interface Route {
  readonly path: string;
  readonly inputs: readonly NamedInput[];
}

/** A service may have several routes: the one that takes what the example has, or the one that `service.predictPath` names. */
export const definition = defineProtocol({
  name: "bentoml",
  title: "BentoML service",
  servers: "bentoml serve, and images that bentoml containerize makes",
  source: "https://docs.bentoml.com/en/latest/build-with-bentoml/services.html",
  order: 50,
  probes: () => [SCHEMA],
  recognise(replies, said, example) {
    const routes = routesIn(replies);
    const wanted = isRecord(example) ? Object.keys(example) : [];
    const fits = ({ inputs }: Route) => inputs.some(({ name }) => wanted.includes(name));
    const route =
      said.predictPath === undefined
        ? (routes.find(fits) ?? (routes.length === 1 ? routes[0] : undefined))
        : routes.find(({ path }) => path === said.predictPath);
    if (route === undefined) return undefined;
    return {
      predictPath: route.path,
      healthPath: "/readyz",
      metadataPath: SCHEMA.path,
      inputs: route.inputs,
      contentType: "application/json",
    };
  },
  choice(replies, said) {
    const among = routesIn(replies).map(({ path }) => path);
    const isOther = said.predictPath === undefined || !among.includes(said.predictPath);
    return among.length > 0 && isOther ? { what: "routes", among } : undefined;
  },
  body({ inputs: named }, [input]) {
    if (isRecord(input) && named.every(({ name }) => Object.hasOwn(input, name)))
      return JSON.stringify(input);
    const [first] = named;
    if (named.length === 1 && first !== undefined) {
      const row = rowOf(input);
      // An array of its own (`tensor`) is a batch of rows to most models.
      return JSON.stringify({ [first.name]: first.datatype === "tensor" ? [row] : row });
    }
    const row = rowOf(input);
    return JSON.stringify(
      Object.fromEntries(named.map(({ name }, index) => [name, memberOf(input, name) ?? row[index]])),
    );
  },
  read(reply) {
    const value = jsonOf(reply);
    if (value === undefined) return { flaw: "no JSON" };
    return { values: [Array.isArray(value) && value.length === 1 ? value[0] : value] };
  },
  namesVersion: false,
  batches: false,
});

/** Those of a service of BentoML; none: it is something else. */
function routesIn(replies: Replies): readonly Route[] {
  const schema = objectOf(replies(SCHEMA));
  if (schema?.["type"] !== "service" || !Array.isArray(schema["routes"])) return [];
  return schema["routes"].filter(isRecord).flatMap(routeOf);
}

function routeOf(route: Readonly<Record<string, unknown>>): readonly Route[] {
  const { route: path, input } = route;
  const properties = memberOf(input, "properties");
  if (typeof path !== "string" || !isRecord(properties)) return [];
  const inputs = Object.entries(properties).map(([name, property]) => {
    const type = memberOf(property, "type");
    return { name, ...(typeof type === "string" ? { datatype: type } : {}) };
  });
  return [{ path, inputs }];
}
