import { isRecord } from "../../../contract/config/field.ts";
import { serviceOf } from "../../../contract/config/model-service.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { Slot } from "../../../contract/slot.ts";
import { ALL_PROTOCOLS } from "../../protocols/all.ts";
import type { ServedModel } from "../../protocols/define.ts";
import { taskFor } from "../../suite/tasks/choose.ts";
import { nameOf } from "../../suite/tasks/values.ts";

/** Whether a logged answer is the label; a text: why nobody can tell. */
export type JudgeLabel = (slot: Slot, answer: unknown, label: unknown) => boolean | string;

/**
 * Compares labels with answers as the stack's golden set is compared (`suite.task`, `suite.match`). With neither said,
 * they are right when they name the same class, or are the same JSON: what labels look like as a whole cannot be told
 * from the few of one file.
 */
export function judgeLabel(config: StackConfig): JudgeLabel {
  const { suite } = config;
  const isSaid = suite.task !== "auto" || suite.match !== "exact";
  const task = isSaid ? taskFor({ policy: suite, labels: [] }, []) : undefined;
  return (slot, answer, label) => {
    if (answer === undefined) return "its prediction has no answer in the log";
    const value = valueOf(config, slot, answer);
    if (task === undefined) {
      const [said, right] = [nameOf(value), nameOf(label)];
      if (said !== undefined && right !== undefined) return said === right;
      return JSON.stringify(value) === JSON.stringify(label);
    }
    if (suite.match === "command" || !task.judgesRight)
      return "the suite's task knows no right and wrong by label alone: say correct or loss";
    return task.mark(value, label).right;
  };
}

/** The prediction in a whole answer of the slot's server, by its protocol. */
function valueOf(config: StackConfig, slot: Slot, answer: unknown): unknown {
  if (!isRecord(answer)) return answer;
  const { servingProtocol, customProtocol: custom } = serviceOf(config, slot);
  const name = servingProtocol === "auto" ? "bluegreen" : servingProtocol;
  const protocol = ALL_PROTOCOLS.find((one) => one.name === name);
  const model: ServedModel = { ...READ_ONLY, ...(custom === undefined ? {} : { custom }) };
  const read = protocol?.read({ status: 200, text: JSON.stringify(answer), seconds: 0 }, 1, model);
  return read !== undefined && "values" in read ? read.values[0] : answer;
}

/** Nobody is asked. */
const READ_ONLY = { predictPath: "/", healthPath: "/", inputs: [], contentType: "application/json" };
