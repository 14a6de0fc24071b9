/** A number from 0 (included) to 1 that a place in the simulation always gets again, whatever is drawn elsewhere. */
export type Draw = (...place: readonly (string | number)[]) => number;

// FNV-1a, and the finaliser of MurmurHash3 over it: neighbouring places get unlike numbers.
export const drawOf =
  (seed: number): Draw =>
  (...place) => {
    let hash = 0x811c9dc5 ^ seed;
    for (const char of place.join("|")) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
  };

export const between = (draw: number, min: number, max: number) => min + draw * (max - min);
export const wholeBetween = (draw: number, min: number, max: number) =>
  Math.floor(between(draw, min, max + 1));

/** One of them, each as likely. */
export function oneOfThem<T>(draw: number, all: readonly [T, ...T[]]): T {
  return all[Math.floor(draw * all.length)] ?? all[0];
}
