/** A small wrong edit of the product, which the simulation has to find. */
export interface Defect {
  readonly name: string;
  /** Path in the repository. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
}

export const DEFECTS: readonly Defect[] = [];
