import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";
import { requireDeployed } from "../stack/apply.ts";
import { asked } from "../protocols/speaker.ts";
import { listOf } from "./many/many.ts";
import { planOf, stagesFor, type PlannedStage } from "./stages.ts";
import { settingsPart, subjectFor, type SuiteTools, type TestOptions } from "./test-candidate.ts";

export interface TestPlan extends Outcome {
  readonly goldenSet: string;
  /** File that the settings stand in; absent: they stand in the stack. */
  readonly suiteFile?: string;
  readonly examples: number;
  /** How long the model took for one answer, just now. */
  readonly secondsPerAnswer: number;
  readonly stages: readonly PlannedStage[];
  readonly requests: number;
  readonly seconds: number;
}

/** Answers that the time is taken of. */
const TIMED = 3;

/** What `test` would ask, and about how long that takes. It asks who the servers are, and for a few answers. */
export async function planTest(context: Context, tools: SuiteTools, options: TestOptions): Promise<TestPlan> {
  const deployed = await requireDeployed(context);
  const { subject, ask, goldenSet } = await subjectFor(context, deployed, tools, options);
  const { examples, policy, introductions } = subject;
  const { speakers, check, unasked } = introductions;
  const { candidate, active } = subject.sides;
  const sides = { candidate, active: active === unasked ? undefined : active };
  const file = policy.file === undefined ? {} : { suiteFile: policy.file };
  if (speakers === undefined) {
    const sentence = `nothing would be asked: ${check.reason}`;
    const nothing = { ...file, secondsPerAnswer: 0, stages: [], requests: 0, seconds: 0 };
    return { exitCode: EXIT.needsPerson, sentence, goldenSet, examples: examples.length, ...nothing };
  }
  let seconds = 0;
  const some = listOf(examples, TIMED);
  for (const example of some) {
    seconds += (await ask(sides.candidate, asked(speakers[sides.candidate], [example]))).seconds;
  }
  const secondsPerAnswer = seconds / Math.max(1, some.length);
  const stages = planOf(sides, speakers, examples, policy, stagesFor(options.only ?? []))(secondsPerAnswer);
  const total = (read: (stage: PlannedStage) => number) =>
    stages.reduce((sum, stage) => sum + read(stage), 0);
  const all = { requests: total((one) => one.requests), seconds: Math.ceil(total((one) => one.seconds)) };
  return {
    exitCode: EXIT.done,
    sentence: `up to ${all.requests} requests in about ${all.seconds} s, with ${examples.length} examples of ${goldenSet}${settingsPart(policy)}; no user sees them`,
    goldenSet,
    ...file,
    examples: examples.length,
    secondsPerAnswer,
    stages,
    ...all,
  };
}
