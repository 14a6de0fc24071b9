import { expect, it } from "vitest";
import { releaseAmongStrangers } from "../support/strangers.ts";

const LONG = 300_000;
const SPEED = 15;

it(
  "a good candidate is not rolled back for requests that strangers with its cookie never waited for",
  async () => {
    const { release, failed, abandoned, live, refused } = await releaseAmongStrangers("digits:3", SPEED);
    expect(abandoned).toBeGreaterThan(100);
    expect(release).toMatchObject({ exitCode: 10 });
    expect(release.sentence).toMatch(/unanswered: \d+ of \d+ requests on green/);
    expect(live).toEqual({ blue: 90, green: 10 });
    expect({ failed, refused }).toEqual({ failed: 0, refused: undefined });
  },
  LONG,
);

it(
  "one that answers 5xx to one request in five is, beside the same strangers",
  async () => {
    const { release, live, refused } = await releaseAmongStrangers("digits:3-flaky", SPEED);
    expect(`${release.exitCode} ${release.result}: ${release.sentence}`).toMatch(/^20 rolledBack: /);
    expect(live).toEqual({ blue: 100, green: 0 });
    expect(refused).toMatch(/failed: |error-rate/);
  },
  LONG,
);
