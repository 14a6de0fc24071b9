/**
 * Of every answer of a server on a person's own machine: a page on another port of this host may neither embed it, nor
 * guess what it is, nor find it in a cache, and the address of a page, with its token, goes nowhere.
 */
export const PRIVATE_HEADERS = {
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;
