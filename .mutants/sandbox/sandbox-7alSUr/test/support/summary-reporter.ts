import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Ends a run with every skipped test, whose title carries the reason, and one line that counts:
 * `N passed, N failed, N skipped`. A file that could not be loaded counts as one failure.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests: TestCase[] = modules.flatMap((module) => [...module.children.allTests()]);
    const having = (state: string) => tests.filter((test) => test.result().state === state);
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    const skipped = having("skipped");
    process.stdout.write("\n");
    for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}\n`);
    const failed = having("failed").length + broken;
    process.stdout.write(`${having("passed").length} passed, ${failed} failed, ${skipped.length} skipped\n`);
  }
}
