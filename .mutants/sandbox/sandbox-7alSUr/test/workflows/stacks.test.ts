import { describe, expect, it } from "vitest";
import { readWorkflow, workflowFiles, type Job } from "./support/workflow.ts";

const files = workflowFiles();
const jobs: readonly (readonly [string, Job])[] = files.flatMap((file) =>
  Object.entries(readWorkflow(file).jobs).map(([name, job]) => [`${file} · ${name}`, job] as const),
);

describe("what belongs to a stack", () => {
  it("is read where the variables of its environment are, which a workflow's own `env` has not", () => {
    for (const file of files) expect(JSON.stringify(readWorkflow(file).env ?? {})).not.toContain("PULUMI_");
    for (const [name, { steps, env }] of jobs) {
      const works = steps.some((step) => step.with?.["role"] !== undefined);
      expect([name, env?.["PULUMI_BACKEND_URL"]]).toEqual([
        name,
        works ? "${{ vars.PULUMI_BACKEND_URL }}" : undefined,
      ]);
    }
  });
});

describe("a concurrency group", () => {
  it("has a queue that GitHub knows, and cancels nobody where many wait", () => {
    for (const file of files) {
      const { concurrency, jobs } = readWorkflow(file);
      for (const job of Object.values(jobs)) expect(job.concurrency).toBeUndefined();
      // GitHub: `single` or `max`, and `max` never together with `cancel-in-progress: true`.
      expect([undefined, "single", "max"]).toContain(concurrency?.queue);
      if (concurrency?.queue === "max") expect(concurrency["cancel-in-progress"]).toBe(false);
    }
  });
});

describe("writers of one stack", () => {
  it("wait for each other and cancel nobody, however many wait", () => {
    for (const file of ["release.yml", "apply.yml"]) {
      const { concurrency } = readWorkflow(file);
      expect(concurrency?.group).toMatch(
        /^bluegreen-\$\{\{ (inputs\.stack( \|\| vars\.BLUEGREEN_STACK)?) \}\}$/,
      );
      expect(concurrency?.["cancel-in-progress"]).toBe(false);
      expect(concurrency?.queue).toBe("max");
    }
    expect(readWorkflow("tick.yml").concurrency?.["cancel-in-progress"]).toBe(false);
  });

  it("are not waited for by a revert, which is in no group", () => {
    expect(readWorkflow("revert.yml").concurrency).toBeUndefined();
  });
});
