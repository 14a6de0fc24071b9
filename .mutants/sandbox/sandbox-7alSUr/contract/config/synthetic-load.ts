import { integer, isRecord, type Field } from "./field.ts";

/**
 * Requests of our own through the production route, for stacks that have too few users to judge a release by. What
 * is sent is the golden set, `suite.goldenSet`, posted to `suite.predictPath`.
 */
export interface SyntheticLoad {
  /** In the cloud's minutes. */
  readonly requestsPerMinute: number;
}

const rate = integer({ min: 1, max: 60_000 }, 1, "");

export const syntheticLoadField: Field<SyntheticLoad | undefined> = {
  type: "object",
  allowed: "`{requestsPerMinute}`, 1 to 60000 requests a minute",
  default: undefined,
  meaning:
    "Requests from the golden set (`suite.goldenSet`) that `rollout` sends to `suite.predictPath` through the production route while it watches.",
  moved: { goldenSet: "suite.goldenSet", path: "suite.predictPath" },
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const { requestsPerMinute, ...unknown } = raw;
    const perMinute = rate.read(requestsPerMinute);
    if (perMinute === undefined || Object.keys(unknown).length > 0) return undefined;
    return { value: { requestsPerMinute: perMinute.value } };
  },
};
