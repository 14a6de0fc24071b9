/** A random number from 0 to 1 at each call, the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a host is told to do. */
export type Operation =
  | { readonly kind: "deploy"; readonly image: string; readonly version: string }
  | { readonly kind: "rollout" }
  | { readonly kind: "revert" }
  /** A plain `pulumi up` that deploys a threshold of this many percent, which nothing else changes. */
  | { readonly kind: "up"; readonly percent: number };

export interface Interleaving {
  readonly seed: number;
  readonly first: Operation;
  readonly second: Operation;
  /** Between the two starts. */
  readonly delayMs: number;
}

const IMAGES = ["digits:1", "digits:2"] as const;
const LONGEST_DELAY_MS = 5_000;

export function interleavingOf(seed: number): Interleaving {
  const random = randomOf(seed);
  const operation = (host: string): Operation => {
    const drawn = random();
    if (drawn < 0.4) {
      const image = IMAGES[random() < 0.5 ? 0 : 1];
      return { kind: "deploy", image, version: `${seed}${host}` };
    }
    if (drawn < 0.65) return { kind: "rollout" };
    if (drawn < 0.8) return { kind: "revert" };
    return { kind: "up", percent: 1 + Math.floor(random() * 99) };
  };
  const first = operation("a");
  const drawn = operation("b");
  // Both edit the one checkout, and an edit is no update: two of them say nothing about locks.
  const second: Operation = first.kind === "up" && drawn.kind === "up" ? { kind: "revert" } : drawn;
  return { seed, first, second, delayMs: Math.floor(random() * LONGEST_DELAY_MS) };
}

export function argsOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "deploy":
      return ["deploy", operation.image, "--model-version", operation.version, "--json"];
    case "rollout":
      return ["rollout", "--skip-tests", "--poll", "1", "--json"];
    case "revert":
      return ["revert", "--json"];
    case "up":
      return ["pulumi", "up", "--yes", "--skip-preview"];
  }
}
