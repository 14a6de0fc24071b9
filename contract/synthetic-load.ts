import { integer, isRecord, type Field } from "./field.ts";

/** Requests of our own through the production route, for stacks that have too few users to judge a release by. */
export interface SyntheticLoad {
  /** In the cloud's minutes. */
  readonly requestsPerMinute: number;
  /** A file of JSON lines, relative to the repository; a line without its `label` is the body of a request. */
  readonly goldenSet: string;
  /** Path that the requests are posted to. */
  readonly path: string;
}

const rate = integer({ min: 1, max: 60_000 }, 1, "");

export const syntheticLoadField: Field<SyntheticLoad | undefined> = {
  type: "object",
  allowed:
    "`{requestsPerMinute, goldenSet}`, and `path` if it is not `/predict`: 1 to 60000 requests a minute from a file in the repository",
  default: undefined,
  meaning: "Requests from the golden set that `rollout` sends through the production route while it watches.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const { requestsPerMinute, goldenSet, path = "/predict", ...unknown } = raw;
    const perMinute = rate.read(requestsPerMinute);
    const isFile =
      typeof goldenSet === "string" && /^(?!\/)\S+$/.test(goldenSet) && !goldenSet.includes("..");
    const isPath = typeof path === "string" && /^\/\S*$/.test(path);
    if (perMinute === undefined || !isFile || !isPath || Object.keys(unknown).length > 0) return undefined;
    return { value: { requestsPerMinute: perMinute.value, goldenSet, path } };
  },
};
