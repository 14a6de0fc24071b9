/** No update of ours lasts longer: a lock that is older is not waited for, and its holder is taken for dead. */
export const LONGEST_UPDATE_MS = 30 * 60_000;
