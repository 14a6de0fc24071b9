import { GRID_POINTS, HARM_FACTORS } from "./grid.ts";

// A logarithm for each grid point and minute is most of a decision's time, and in all minutes they are the same 24
// functions of one number. Between so many points of it, a cubic through values and slopes is off by less than 1e-10.
const PIECES = 4096;

/** Per point and grid ratio the function's value and its slope times the width of a piece; made when first used. */
const table = new Float64Array((PIECES + 1) * 2 * GRID_POINTS);
let isMade = false;

const LOG_FACTORS = Float64Array.from(HARM_FACTORS, Math.log);

/**
 * onCandidate · log f - all · log(1 + θ (f - 1)) for every ratio f of the grid, where θ, between 0 and 1, is the
 * candidate's part of the events at the tolerated ratio: the log of a minute's likelihood ratio. What is subtracted each
 * event costs, on either slot.
 */
export function factorLogs(theta: number, onCandidate: number, all: number, into: Float64Array): void {
  if (!isMade) tabulate();
  const place = theta * PIECES;
  const piece = Math.min(PIECES - 1, Math.floor(place));
  const t = place - piece;
  const rest = 1 - t;
  const fromLeft = all * rest * rest * (1 + 2 * t);
  const fromRight = all * t * t * (3 - 2 * t);
  const leftSlope = all * t * rest * rest;
  const rightSlope = -all * t * t * rest;
  let left = piece * 2 * GRID_POINTS;
  let right = left + 2 * GRID_POINTS;
  for (let j = 0; j < GRID_POINTS; j++) {
    const shared =
      fromLeft * (table[left] ?? 0) +
      leftSlope * (table[left + 1] ?? 0) +
      fromRight * (table[right] ?? 0) +
      rightSlope * (table[right + 1] ?? 0);
    into[j] = onCandidate * (LOG_FACTORS[j] ?? 0) - shared;
    left += 2;
    right += 2;
  }
}

function tabulate(): void {
  for (let point = 0; point <= PIECES; point++) {
    const theta = point / PIECES;
    for (let j = 0; j < GRID_POINTS; j++) {
      const more = (HARM_FACTORS[j] ?? 1) - 1;
      const at = (point * GRID_POINTS + j) * 2;
      table[at] = Math.log1p(theta * more);
      table[at + 1] = more / (1 + theta * more) / PIECES;
    }
  }
  isMade = true;
}
