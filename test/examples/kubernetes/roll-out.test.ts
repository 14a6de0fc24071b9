import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const IMAGE = `registry/model@sha256:${"a".repeat(64)}`;

interface Share {
  readonly role: string;
  readonly configuredShare: number;
  readonly liveShare?: number;
  readonly minTasks?: number;
  readonly healthyTasks?: number;
}

/** How the cluster answers: how many pods each Deployment is to have, and how every other command of kubectl ends. */
interface Cluster {
  readonly replicas?: string;
  readonly exit?: number;
}

describe("roll-out.ts", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "roll-out-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** With programs on PATH that write down what they are asked; `status` answers with these slots. */
  function rollOut(blue: Share, green: Share, image = IMAGE, { replicas = "2", exit = 0 }: Cluster = {}) {
    const log = join(directory, "log");
    const status = JSON.stringify({ exitCode: 0, slots: { blue, green } });
    const program = (name: string, last: string) =>
      writeFileSync(join(directory, name), `#!/bin/sh\necho "${name} $*" >> ${log}\n${last}\n`, {
        mode: 0o755,
      });
    writeFileSync(log, "");
    program("npx", `[ "$2" = status ] && echo '${status}'; exit 0`);
    program("kubectl", `[ "$3" = get ] && echo '${replicas}' && exit 0; exit ${exit}`);
    const { status: exitCode, stderr } = spawnSync(
      process.execPath,
      ["examples/kubernetes/roll-out.ts", image, "7", "--stack", "prod"],
      { env: { PATH: `${directory}:/usr/bin:/bin` }, encoding: "utf8" },
    );
    return { exitCode, stderr, calls: readFileSync(log, "utf8").trim().split("\n") };
  }
  const active: Share = {
    role: "active",
    configuredShare: 100,
    liveShare: 100,
    minTasks: 2,
    healthyTasks: 2,
  };
  const standby: Share = { role: "standby", configuredShare: 0, liveShare: 0, minTasks: 2, healthyTasks: 2 };
  const empty = (configuredShare: number): Share => ({
    role: "empty",
    configuredShare,
    liveShare: configuredShare,
    minTasks: 1,
  });

  it("patches the slot without users alone, waits for its pods, and tells the stack", () => {
    expect(rollOut(active, standby)).toMatchObject({
      exitCode: 0,
      calls: [
        "npx bluegreen status --json --stack prod",
        "kubectl --namespace models get deployment/model-green --output jsonpath={.spec.replicas}",
        `kubectl --namespace models set image deployment/model-green model=${IMAGE}`,
        "kubectl --namespace models rollout status deployment/model-green --timeout=20m",
        `npx bluegreen deploy ${IMAGE} --external --model-version 7 --stack prod`,
      ],
    });
    expect(rollOut(standby, active).calls[2]).toContain("deployment/model-blue");
  });

  it.each([
    ["the pods of a retired standby, which were scaled to 0", active, "0", 2],
    ["as many as serve the users now, for which deploy waits", { ...active, healthyTasks: 5 }, "2", 5],
    [
      "as many as the stack asks for, while pods of the users' slot fail",
      { ...active, healthyTasks: 1 },
      "1",
      2,
    ],
  ])("brings up %s, with the new image alone", (_, users, replicas, wanted) => {
    const { exitCode, calls } = rollOut(users, standby, IMAGE, { replicas });
    expect(exitCode).toBe(0);
    expect(calls.slice(2, 5)).toEqual([
      `kubectl --namespace models set image deployment/model-green model=${IMAGE}`,
      `kubectl --namespace models scale deployment/model-green --replicas=${wanted}`,
      "kubectl --namespace models rollout status deployment/model-green --timeout=20m",
    ]);
  });

  it("changes nothing when it cannot know how many pods there are to be, and says so", () => {
    const odd = rollOut(active, standby, IMAGE, { replicas: "" });
    expect(odd.exitCode).not.toBe(0);
    expect(odd.stderr).toContain("deployment/model-green says no number of pods");
    expect(odd.calls).toHaveLength(2);
    const unread = rollOut({ role: "active", configuredShare: 100, liveShare: 100, minTasks: 2 }, standby);
    expect(unread.stderr).toContain("how many pods blue has healthy could not be read");
    expect(unread.calls).toHaveLength(1);
  });

  it("goes to the active slot of a stack that has no model yet, as deploy does", () => {
    expect(rollOut(empty(100), empty(0)).calls[2]).toContain("deployment/model-blue");
  });

  it.each([
    [
      "a share is shifted",
      { ...active, configuredShare: 90, liveShare: 90 },
      { ...standby, configuredShare: 10, liveShare: 10 },
    ],
    ["users are there that Pulumi does not know of", active, { ...standby, liveShare: 5 }],
    [
      "the route could not be read",
      { role: "active", configuredShare: 100 },
      { role: "standby", configuredShare: 0 },
    ],
  ])("touches nothing while %s", (_, blue, green) => {
    const { exitCode, stderr, calls } = rollOut(blue, green);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("no slot is known to have no users");
    expect(calls).toHaveLength(1);
  });

  it("tells the stack nothing of pods that did not become ready, and takes no tag", () => {
    const failed = rollOut(active, standby, IMAGE, { exit: 1 });
    expect(failed.exitCode).not.toBe(0);
    expect(failed.calls.some((call) => call.includes("deploy "))).toBe(false);
    expect(rollOut(active, standby, "registry/model:7")).toMatchObject({ calls: [""] });
  });
});
