/** Memory of a slot's tasks at two times, in percent of what they may use. */
export interface MemoryTrend {
  readonly first: number;
  readonly last: number;
}

/** So much more of what it began with, and so many points of what it may use, is growth and not the noise of a heap. */
const GROWTH = 0.2;
const POINTS = 3;

export const isGrowing = ({ first, last }: MemoryTrend): boolean =>
  last - first >= Math.max(POINTS, GROWTH * first);

export const memoryWords = ({ first, last }: MemoryTrend): string =>
  `${first.toFixed(1)} % to ${last.toFixed(1)} %`;
