/** No update of ours lasts longer: a lock that is older is not waited for, and its holder is taken for dead. */
export const LONGEST_UPDATE_MS = 30 * 60_000;
/** So many updates hold a hundred releases with a handful of steps each. */
export const KNOWN_UPDATES = 1_000;
