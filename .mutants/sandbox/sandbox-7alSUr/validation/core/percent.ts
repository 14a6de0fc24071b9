/** `12 %`, `0.43 %`: two digits that say something. */
export const percent = (rate: number): string => `${Number((rate * 100).toPrecision(2))} %`;
