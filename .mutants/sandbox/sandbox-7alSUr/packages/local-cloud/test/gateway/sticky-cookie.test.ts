import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStickyCookies } from "../../gateway/sticky-cookie.ts";

const NOW_MS = Date.UTC(2026, 0, 1);
const BLUE = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/blue/0123456789abcdef";
const cookies = createStickyCookies("key");

/** What a browser would send back. */
function returned(setCookies: readonly string[]): string[] {
  return setCookies.map((setCookie) => setCookie.split(";")[0] ?? "");
}

describe("the stickiness cookie", () => {
  it("names the group until its duration has passed, in either of its two forms", () => {
    const issued = cookies.issue(BLUE, NOW_MS, 60);
    for (const cookie of returned(issued)) {
      expect(cookies.read(cookie, NOW_MS)).toBe(BLUE);
      expect(cookies.read(`theme=dark; ${cookie}; lang=en`, NOW_MS + 59_999)).toBe(BLUE);
      expect(cookies.read(cookie, NOW_MS + 60_000)).toBeUndefined();
    }
  });

  it("is issued as AWSALBTG, and as AWSALBTGCORS for cross-origin requests, with its end in virtual time", () => {
    const [plain = "", cors = ""] = cookies.issue(BLUE, NOW_MS, 60);
    expect(plain).toMatch(/^AWSALBTG=[\w.-]+; Expires=Thu, 01 Jan 2026 00:01:00 GMT; Max-Age=60; Path=\/$/);
    expect(cors).toMatch(/^AWSALBTGCORS=.*; SameSite=None; Secure$/);
  });

  it("slides: a later answer carries a later end", () => {
    const [later = ""] = returned(cookies.issue(BLUE, NOW_MS + 30_000, 60));
    expect(cookies.read(later, NOW_MS + 89_999)).toBe(BLUE);
  });

  it("does not count when another load balancer signed it", () => {
    const [foreign = ""] = returned(createStickyCookies("other key").issue(BLUE, NOW_MS, 60));
    expect(cookies.read(foreign, NOW_MS)).toBeUndefined();
  });

  it("does not count after any change of one of its characters", () => {
    const [cookie = ""] = returned(cookies.issue(BLUE, NOW_MS, 60));
    fc.assert(
      fc.property(
        fc.nat(cookie.length - "AWSALBTG=".length - 1),
        fc.constantFrom("A", "z", "0", "."),
        (at, char) => {
          const position = at + "AWSALBTG=".length;
          fc.pre(cookie[position] !== char);
          const forged = cookie.slice(0, position) + char + cookie.slice(position + 1);
          expect(cookies.read(forged, NOW_MS)).toBeUndefined();
        },
      ),
    );
  });

  it("ignores what is not one of its own", () => {
    for (const header of [undefined, "", "AWSALBTG", "AWSALBTG=", "AWSALBTG=.", "AWSALB=x.y", "=;=;"])
      expect(cookies.read(header, NOW_MS)).toBeUndefined();
  });
});
