/** The next number of a sequence: uniform on [0, 1), with 53 bits. */
export type Random = () => number;

/**
 * A sequence of its own for each seed and each path of numbers (cell, run): sfc32 (Chris Doty-Humphrey's PractRand),
 * its state filled by the finaliser of MurmurHash3.
 */
export function randomOf(seed: number, ...path: readonly number[]): Random {
  let state = mixed(seed);
  for (const part of path) state = mixed(state ^ Math.imul(part + 1, 0x9e3779b1));
  let a = mixed(state + 1);
  let b = mixed(state + 2);
  let c = mixed(state + 3);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let turn = 0; turn < 12; turn++) next();
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
