/** A point of a line; `undefined` is a gap: no data is no zero. */
export type Point = readonly [x: number, y: number | undefined];

const short = (value: number) => String(Math.round(value * 10) / 10);

/** The `d` of a line that stops at gaps. */
export function linePath(points: readonly Point[]): string {
  let open = false;
  const parts: string[] = [];
  for (const [x, y] of points) {
    if (y === undefined) open = false;
    else {
      parts.push(`${open ? "L" : "M"}${short(x)} ${short(y)}`);
      open = true;
    }
  }
  return parts.join("");
}

/** Points without a neighbour, which a line would not show. */
export const alone = (points: readonly Point[]): readonly (readonly [x: number, y: number])[] =>
  points.flatMap(([x, y], at) => {
    const hasNeighbour = points[at - 1]?.[1] !== undefined || points[at + 1]?.[1] !== undefined;
    return y === undefined || hasNeighbour ? [] : [[x, y]];
  });

/** The area between a line and `baseY`, part by part. */
export function areaPath(points: readonly Point[], baseY: number): string {
  const parts: string[] = [];
  let run: (readonly [number, number])[] = [];
  const close = () => {
    const [first, last] = [run[0], run.at(-1)];
    if (first !== undefined && last !== undefined && run.length > 1) {
      const line = run.map(([x, y]) => `L${short(x)} ${short(y)}`).join("");
      parts.push(`M${short(first[0])} ${short(baseY)}${line}L${short(last[0])} ${short(baseY)}Z`);
    }
    run = [];
  };
  for (const [x, y] of points) {
    if (y === undefined) close();
    else run.push([x, y]);
  }
  close();
  return parts.join("");
}
