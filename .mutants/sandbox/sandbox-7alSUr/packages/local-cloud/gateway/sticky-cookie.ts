import { createHmac, timingSafeEqual } from "node:crypto";

/** ELB's names of the target group stickiness cookie; the second is for cross-origin requests. */
const NAME = "AWSALBTG";
const CORS_NAME = "AWSALBTGCORS";

export interface StickyCookies {
  /** The Set-Cookie values that pin a client to a group from `nowMs` (virtual) for `durationSeconds`. */
  issue(targetGroupArn: string, nowMs: number, durationSeconds: number): readonly string[];
  /** The group that a Cookie header names; undefined when there is none, it is forged, or it has expired. */
  read(cookieHeader: string | undefined, nowMs: number): string | undefined;
}

/**
 * Cookies that carry group and expiry, signed with `key`. The expiry inside counts, because browsers and curl know
 * real time only while the local cloud's clock may run faster. It slides: each answer issues a fresh cookie.
 */
export function createStickyCookies(key: string): StickyCookies {
  const sign = (payload: string) => createHmac("sha256", key).update(payload).digest("base64url");
  const issued = new Map<string, Issued>();
  const verified = new Map<string, Pin>();

  return {
    issue(targetGroupArn, nowMs, durationSeconds) {
      // Rounded up to whole seconds: all clients of a group get the same cookie within a second.
      const expiresSeconds = Math.ceil(nowMs / 1000) + durationSeconds;
      const known = issued.get(targetGroupArn);
      if (known?.expiresSeconds === expiresSeconds && known.durationSeconds === durationSeconds)
        return known.values;
      const payload = Buffer.from(`${expiresSeconds} ${targetGroupArn}`).toString("base64url");
      const end = `Expires=${new Date(expiresSeconds * 1000).toUTCString()}; Max-Age=${durationSeconds}`;
      const rest = `${payload}.${sign(payload)}; ${end}; Path=/`;
      const values = [`${NAME}=${rest}`, `${CORS_NAME}=${rest}; SameSite=None; Secure`];
      issued.set(targetGroupArn, { expiresSeconds, durationSeconds, values });
      return values;
    },
    read(cookieHeader, nowMs) {
      if (cookieHeader === undefined) return undefined;
      const value = cookieValue(cookieHeader, NAME) ?? cookieValue(cookieHeader, CORS_NAME);
      if (value === undefined) return undefined;
      let pin = verified.get(value);
      if (pin === undefined) {
        pin = verify(value, sign);
        if (pin === undefined) return undefined;
        if (verified.size >= VERIFIED_COOKIES) verified.clear();
        verified.set(value, pin);
      }
      return pin.expiresSeconds * 1000 > nowMs ? pin.targetGroupArn : undefined;
    },
  };
}

/** Cookies whose signature is known to be right: many clients hold the same one, and each comes back with it. */
const VERIFIED_COOKIES = 10_000;

interface Pin {
  readonly targetGroupArn: string;
  readonly expiresSeconds: number;
}

interface Issued {
  readonly expiresSeconds: number;
  readonly durationSeconds: number;
  readonly values: readonly string[];
}

/** What a cookie's value says; undefined when `sign` did not make it. */
function verify(value: string, sign: (payload: string) => string): Pin | undefined {
  const dot = value.indexOf(".");
  if (dot === -1) return undefined;
  const payload = value.slice(0, dot);
  if (!sameText(value.slice(dot + 1), sign(payload))) return undefined;
  const [expiresSeconds, targetGroupArn = ""] = Buffer.from(payload, "base64url").toString().split(" ");
  return { targetGroupArn, expiresSeconds: Number(expiresSeconds) };
}

function cookieValue(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
