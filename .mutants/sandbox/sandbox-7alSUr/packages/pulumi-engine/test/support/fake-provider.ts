import type { ComponentProvider, PartialFailure, Properties, Provider } from "../../values/provider.ts";

export interface FakeResource {
  type: string;
  urn: string;
  inputs: Properties;
}

/** A provider in memory: every input property is an update, those in `replaceOn` are a replacement. */
export interface FakeCloud {
  provider: Provider;
  /** What exists, by id. */
  world: Map<string, FakeResource>;
  /** `create a`, `update b`, `delete c`, in the order in which they ended. */
  log: string[];
  /** The next matching operation (`create b`) throws. */
  failOn: Map<string, Error | PartialFailure>;
  /** Runs before an operation ends. */
  before: (operation: string) => Promise<void>;
  replaceOn: Set<string>;
  deleteBeforeReplace: boolean;
  /** Makes up a `name` for what has none. */
  autonaming: boolean;
}

export const NO_COMPONENTS: ComponentProvider = {
  constructs: () => false,
  construct: ({ type }) => Promise.reject(new Error(`no component ${type}`)),
};

export function fakeCloud(): FakeCloud {
  let ids = 0;
  let checks = 0;
  const world = new Map<string, FakeResource>();
  const act = async (verb: string, urn: string, effect: () => void): Promise<void> => {
    const operation = `${verb} ${urn.split("::").at(-1)}`;
    await cloud.before(operation);
    const error = cloud.failOn.get(operation);
    cloud.failOn.delete(operation);
    if (error !== undefined && error.name !== "PartialFailure") throw error;
    effect();
    cloud.log.push(operation);
    if (error !== undefined) throw error;
  };
  const outputsOf = (id: string, inputs: Properties): Properties => ({ ...inputs, arn: `arn:${id}` });
  const changesOf = (olds: Properties, news: Properties): string[] =>
    [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
  const cloud: FakeCloud = {
    world,
    log: [],
    failOn: new Map(),
    before: () => Promise.resolve(),
    replaceOn: new Set(),
    deleteBeforeReplace: false,
    autonaming: false,
    provider: {
      check({ olds, news }) {
        checks += 1;
        const made = { name: olds?.["name"] ?? `made-up-${checks}` };
        return Promise.resolve({ inputs: cloud.autonaming ? { ...made, ...news } : news, failures: [] });
      },
      diff: ({ olds, news }) => {
        const changes = changesOf(olds, news);
        const replaces = changes.filter((key) => cloud.replaceOn.has(key));
        return Promise.resolve({ changes, replaces, deleteBeforeReplace: cloud.deleteBeforeReplace });
      },
      async create({ type, urn, inputs, begun }) {
        const left = [...world].find(
          ([, found]) => found.urn === urn && changesOf(found.inputs, inputs).length === 0,
        );
        if (begun === true && left !== undefined) return { id: left[0], outputs: outputsOf(left[0], inputs) };
        ids += 1;
        const id = `id-${ids}`;
        await act("create", urn, () => world.set(id, { type, urn, inputs }));
        return { id, outputs: outputsOf(id, inputs) };
      },
      async update({ type, urn, id, news }) {
        await act("update", urn, () => world.set(id, { type, urn, inputs: news }));
        return { outputs: outputsOf(id, news) };
      },
      delete: ({ urn, id }) => act("delete", urn, () => world.delete(id)),
      read: ({ id }) => {
        const found = world.get(id);
        return Promise.resolve(found && { inputs: found.inputs, outputs: outputsOf(id, found.inputs) });
      },
      invoke: ({ token }) => Promise.resolve({ token, region: "us-east-1" }),
    },
  };
  return cloud;
}
