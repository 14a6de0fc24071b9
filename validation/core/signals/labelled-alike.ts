import { dispersionOf } from "../comparison/clusters/dispersion.ts";
import type { Count, PairedMinute } from "../comparison/counts.ts";
import { logSumExp } from "../comparison/evidence/grid.ts";
import { harmProcess } from "../comparison/evidence/harm.ts";

/** As for the split of requests (sample-ratio.ts): so rarely may chance hold a release. */
const ALPHA = 0.001;

/**
 * Whether the labelled part of the predictions is the same on both slots, as far as chance allows. Which answers are
 * labelled is no chance, so a slot of whose answers more or fewer are labelled has others among them. Four bets of the
 * comparison's own kind share ALPHA: more or less often labelled, and more or less often not, for where nearly all are.
 * What was seen once stays seen: the labels that are missing do not come any more. `among`: how many segments share ALPHA.
 */
export function labelledAlike(minutes: readonly PairedMinute[], among = 1): boolean {
  const enough = Math.log(among / ALPHA);
  const bets = [labels, unlabelled].flatMap((count) => {
    const [candidate, active] = [
      minutes.map((minute) => count(minute.candidate)),
      minutes.map((minute) => count(minute.active)),
    ];
    // A person labels many answers in a row: an incident of labelling is none of the slots' difference.
    const { bounded } = dispersionOf({ zones: [active], historyMinutes: 0, sticky: false });
    const settings = { tolerance: 1, dispersion: bounded };
    return [
      { process: harmProcess(settings), more: candidate, less: active },
      { process: harmProcess(settings), more: active, less: candidate },
    ];
  });
  for (let index = 0; index < minutes.length; index++) {
    let bound = 0;
    for (const { process, more, less } of bets) {
      process.add({ candidate: more[index] ?? NOTHING, active: less[index] ?? NOTHING });
      bound += process.upperBound() / bets.length;
    }
    if (Math.log(bound) < enough) continue;
    const logE = logSumExp(bets.map(({ process }) => process.logE())) - Math.log(bets.length);
    if (logE >= enough) return false;
  }
  return true;
}

const NOTHING: Count = { exposure: 0, events: 0 };

/** At the edge of a minute an answer may be labelled before it is counted. */
const exposed = ({ exposure, events }: Count) => Math.max(exposure, events);
const labels = (count: Count): Count => ({ exposure: exposed(count), events: count.events });
const unlabelled = (count: Count): Count => ({
  exposure: exposed(count),
  events: exposed(count) - count.events,
});
