import type { ExperimentId, Observations } from "./observations.ts";

/** What a judge makes of what was seen. `failed`: AWS does otherwise than is believed. */
export interface Judged {
  readonly state: "seen" | "failed" | "couldNotTell";
  /** In one sentence, with the numbers. */
  readonly why: string;
}

/** Something that the product takes for true of AWS without having been there. */
export interface Belief {
  readonly id: string;
  readonly words: string;
  readonly from: string;
  readonly leansOn: string;
  readonly proof: Proof;
}

export type Proof =
  | {
      readonly experiment: ExperimentId;
      /** Pure; could not tell where the experiment was not made. */
      readonly judge: (seen: Partial<Observations>) => Judged;
    }
  /** Why no experiment answers it. */
  | { readonly none: string };

export const seen = (why: string): Judged => ({ state: "seen", why });
export const failed = (why: string): Judged => ({ state: "failed", why });
export const couldNotTell = (why: string): Judged => ({ state: "couldNotTell", why });

/** A belief that an experiment answers. */
export function by<Id extends ExperimentId>(
  experiment: Id,
  judge: (observed: Observations[Id]) => Judged,
): Proof {
  return {
    experiment,
    judge: (all) => {
      const observed = all[experiment];
      return observed === undefined
        ? couldNotTell("the experiment did not come to its end")
        : judge(observed);
    },
  };
}

/** True or not, with the words for both. */
export const eitherWay = (isSo: boolean, why: string): Judged => (isSo ? seen(why) : failed(why));

/** What is believed is that something happens within so many seconds; it did not while it was looked at: failed. */
export function within(seconds: number | undefined, most: number, what: string): Judged {
  if (seconds === undefined) return failed(`${what}: not within the time it was watched`);
  return eitherWay(seconds <= most, `${what}: ${seconds} s, believed at most ${most} s`);
}
