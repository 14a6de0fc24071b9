/** The next number of a sequence: uniform on [0, 1). */
export type Random = () => number;

/** The same sequence for the same seed: a counter through the finaliser of MurmurHash3 (32 bits). */
export function randomOf(seed: number): Random {
  let counter = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let hash = counter;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
  };
}

// Beyond this mean a normal number, rounded, is as good, and costs the same for every mean.
const NORMAL_FROM = 30;

/** A Poisson number of this mean. */
export function poisson(random: Random, mean: number): number {
  if (mean > NORMAL_FROM) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}
