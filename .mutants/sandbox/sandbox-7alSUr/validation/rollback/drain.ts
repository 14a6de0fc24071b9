function stryNS_9fa48() {
  var g = typeof globalThis === 'object' && globalThis && globalThis.Math === Math && globalThis || new Function("return this")();
  var ns = g.__stryker__ || (g.__stryker__ = {});
  if (ns.activeMutant === undefined && g.process && g.process.env && g.process.env.__STRYKER_ACTIVE_MUTANT__) {
    ns.activeMutant = g.process.env.__STRYKER_ACTIVE_MUTANT__;
  }
  function retrieveNS() {
    return ns;
  }
  stryNS_9fa48 = retrieveNS;
  return retrieveNS();
}
stryNS_9fa48();
function stryCov_9fa48() {
  var ns = stryNS_9fa48();
  var cov = ns.mutantCoverage || (ns.mutantCoverage = {
    static: {},
    perTest: {}
  });
  function cover() {
    var c = cov.static;
    if (ns.currentTestId) {
      c = cov.perTest[ns.currentTestId] = cov.perTest[ns.currentTestId] || {};
    }
    var a = arguments;
    for (var i = 0; i < a.length; i++) {
      c[a[i]] = (c[a[i]] || 0) + 1;
    }
  }
  stryCov_9fa48 = cover;
  cover.apply(null, arguments);
}
function stryMutAct_9fa48(id) {
  var ns = stryNS_9fa48();
  function isActive(id) {
    if (ns.activeMutant === id) {
      if (ns.hitCount !== void 0 && ++ns.hitCount > ns.hitLimit) {
        throw new Error('Stryker: Hit count limit reached (' + ns.hitCount + ')');
      }
      return true;
    }
    return false;
  }
  stryMutAct_9fa48 = isActive;
  return isActive(id);
}
import type { Slot } from "../../contract/slot.ts";
import { placeOf } from "../rollout/reading/read-counts.ts";
import { attempt } from "../reading.ts";
import { REQUEST_COUNT } from "../rollout/observe.ts";
import type { Context, Deployed } from "../ports.ts";
const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 10_000;

/**
 * Whether a slot answered no production request in the last full minute that CloudWatch can know, counted
 * from `sinceMs`; undefined: no such minute yet, or not readable. Weight 0 alone is not drained.
 */
export async function isDrained(context: Context, {
  outputs
}: Deployed, slot: Slot, sinceMs: number): Promise<boolean | undefined> {
  if (stryMutAct_9fa48("0")) {
    {}
  } else {
    stryCov_9fa48("0");
    // The newest complete minute may still be on its way to CloudWatch, so the one before it is read.
    const toMs = stryMutAct_9fa48("1") ? Math.floor(context.clock.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS : (stryCov_9fa48("1"), (stryMutAct_9fa48("2") ? Math.floor(context.clock.now() / MINUTE_MS) / MINUTE_MS : (stryCov_9fa48("2"), Math.floor(stryMutAct_9fa48("3") ? context.clock.now() * MINUTE_MS : (stryCov_9fa48("3"), context.clock.now() / MINUTE_MS)) * MINUTE_MS)) - MINUTE_MS);
    const fromMs = stryMutAct_9fa48("4") ? toMs + MINUTE_MS : (stryCov_9fa48("4"), toMs - MINUTE_MS);
    if (stryMutAct_9fa48("8") ? fromMs >= sinceMs : stryMutAct_9fa48("7") ? fromMs <= sinceMs : stryMutAct_9fa48("6") ? false : stryMutAct_9fa48("5") ? true : (stryCov_9fa48("5", "6", "7", "8"), fromMs < sinceMs)) return undefined;
    const place = placeOf(outputs, slot);
    const read = await attempt(stryMutAct_9fa48("9") ? () => undefined : (stryCov_9fa48("9"), () => context.metrics.read(stryMutAct_9fa48("10") ? [] : (stryCov_9fa48("10"), [stryMutAct_9fa48("11") ? {} : (stryCov_9fa48("11"), {
      id: "requests",
      queries: stryMutAct_9fa48("13") ? [] : (stryCov_9fa48("13"), [REQUEST_COUNT]),
      periodSeconds: 60,
      place
    })]), fromMs, toMs)));
    // No point at all: the load balancer publishes the count only when requests flow.
    return read.readable ? stryMutAct_9fa48("14") ? (read.value.get("requests") ?? []).some(({
      value
    }) => value === 0) : (stryCov_9fa48("14"), (stryMutAct_9fa48("15") ? read.value.get("requests") && [] : (stryCov_9fa48("15"), read.value.get("requests") ?? (stryMutAct_9fa48("17") ? ["Stryker was here"] : (stryCov_9fa48("17"), [])))).every(stryMutAct_9fa48("18") ? () => undefined : (stryCov_9fa48("18"), ({
      value
    }) => stryMutAct_9fa48("21") ? value !== 0 : stryMutAct_9fa48("20") ? false : stryMutAct_9fa48("19") ? true : (stryCov_9fa48("19", "20", "21"), value === 0)))) : undefined;
  }
}

/** Waits until the slot is drained; false when it is not within `withinMs` of the cloud's time. */
export async function waitUntilDrained(context: Context, deployed: Deployed, slot: Slot, sinceMs: number, withinMs: number): Promise<boolean> {
  if (stryMutAct_9fa48("22")) {
    {}
  } else {
    stryCov_9fa48("22");
    const untilMs = stryMutAct_9fa48("23") ? context.clock.now() - withinMs : (stryCov_9fa48("23"), context.clock.now() + withinMs);
    if (stryMutAct_9fa48("24")) {
      for (; false;) {
        if ((await isDrained(context, deployed, slot, sinceMs)) === true) return true;
        if (context.clock.now() >= untilMs) return false;
        await context.clock.sleep(LOOK_EVERY_MS);
      }
    } else {
      stryCov_9fa48("24");
      for (;;) {
        if (stryMutAct_9fa48("25")) {
          {}
        } else {
          stryCov_9fa48("25");
          if (stryMutAct_9fa48("28") ? (await isDrained(context, deployed, slot, sinceMs)) !== true : stryMutAct_9fa48("27") ? false : stryMutAct_9fa48("26") ? true : (stryCov_9fa48("26", "27", "28"), (await isDrained(context, deployed, slot, sinceMs)) === (stryMutAct_9fa48("29") ? false : (stryCov_9fa48("29"), true)))) return stryMutAct_9fa48("30") ? false : (stryCov_9fa48("30"), true);
          if (stryMutAct_9fa48("34") ? context.clock.now() < untilMs : stryMutAct_9fa48("33") ? context.clock.now() > untilMs : stryMutAct_9fa48("32") ? false : stryMutAct_9fa48("31") ? true : (stryCov_9fa48("31", "32", "33", "34"), context.clock.now() >= untilMs)) return stryMutAct_9fa48("35") ? true : (stryCov_9fa48("35"), false);
          await context.clock.sleep(LOOK_EVERY_MS);
        }
      }
    }
  }
}