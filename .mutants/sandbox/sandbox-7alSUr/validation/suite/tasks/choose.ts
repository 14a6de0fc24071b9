import type { SuitePolicy } from "../../../contract/config/suite.ts";
import type { Many } from "../many/many.ts";
import { definition as classification } from "./classification.ts";
import type { Setting, Task, TaskDefinition } from "./define.ts";
import { definition as equality } from "./equality.ts";
import { definition as regression } from "./regression.ts";
import { definition as text } from "./text.ts";
import { definition as vector } from "./vector.ts";

/** In the order in which labels and answers are looked at; the last one fits everything. */
const BY_LOOKS: readonly TaskDefinition[] = [classification, text, regression, vector, equality];
const BY_NAME: Readonly<Record<Exclude<SuitePolicy["task"], "auto">, TaskDefinition>> = {
  classification,
  regression,
  vector,
  text,
};

/** The task that was said, or the one that labels and answers look like: those of the active slot, where there is one. */
export function taskFor(setting: Setting, answers: Many<unknown>): Task {
  const { task, match } = setting.policy;
  const { labels } = setting;
  // Who says how texts match says that they are texts.
  if (task === "auto" && match !== "exact") return text.open(setting);
  if (task !== "auto") return BY_NAME[task].open(setting);
  return (BY_LOOKS.find((one) => one.fits(labels, answers)) ?? equality).open(setting);
}
