import type { TestTools } from "../suite/test-candidate.ts";

export interface DeployOptions {
  /** Of a slot that something else fills: what was rolled out there, for the record. */
  readonly image: string;
  readonly modelVersion: string;
  /** Where its registry has it: `models:/fraud/7`; undefined: it was given as an image. */
  readonly registry?: string | undefined;
  /** Of its source, where the registry tells it. */
  readonly revision?: string | undefined;
  /** undefined: as many as the active slot has now, so that the candidate can take everyone. */
  readonly minTasks: number | undefined;
  readonly maxTasks: number | undefined;
  /** `capacity`, `gpus`, `cpu`, `memory`, `environment` of this model alone. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Keys of `service` for this model alone, in place of the template's. */
  readonly service?: Readonly<Record<string, unknown>> | undefined;
  /** That the model's image exposes: for whom nobody has said another one. */
  readonly imagePort?: number | undefined;
  /** What asks the server how it is asked; undefined: nobody does, and `test` finds it out. */
  readonly askBy?: TestTools | undefined;
  /** Forgets what earlier releases of this digest counted compared with the same active model. */
  readonly resetAnalysis?: boolean | undefined;
}
