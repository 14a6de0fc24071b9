import { Option } from "commander";
import { PROTOCOL_NAMES } from "../../../contract/config/protocol-names.ts";
import { CAPACITIES } from "../../../contract/config/capacity.ts";
import { assignments, whole } from "../../arguments.ts";
import { localPlace } from "../../local/place.ts";
import { given } from "../../../contract/config/model-service.ts";
import { structured, words } from "../../model-options.ts";
import { formerly } from "../options.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "deploy [model]",
  about: "put a model onto the idle slot, where it has no users",
  works: "writes",
  order: 40,
  declare: (command) =>
    command
      .option("--model-version <version>", "the model's version (default: what its registry says)")
      .option("--external", "something else has rolled it out and registers its targets", false)
      .option("--digest <digest>", "what was rolled out, as sha256:… (with --external)")
      .option(
        "--min-tasks <number>",
        "least number of tasks (default: as many as the active slot has now)",
        whole(1, 500),
      )
      .option("--max-tasks <number>", "greatest number of tasks", whole(1, 500))
      .option("--cpu <units>", "CPU units of this model's tasks", whole(256, 16_384))
      .option("--memory <MiB>", "memory of this model's tasks", whole(512, 122_880))
      .addOption(new Option("--capacity <kind>", "what this model's tasks run on").choices(CAPACITIES))
      .option("--gpus <number>", "GPUs of each of this model's tasks (capacity ec2)", whole(0, 16))
      .option("--env <NAME=value...>", "environment of this model alone", assignments)
      .option("--port <number>", "port that this model listens on", whole(1, 65_535))
      .option("--health-path <path>", "path of this model's health check (default: found out)")
      .addOption(
        new Option(
          "--protocol <name>",
          "how this model's server is asked (docs/serving/protocols.md; default: found out)",
        ).choices(["auto", ...PROTOCOL_NAMES]),
      )
      .option("--model-name <name>", "name of the model on its server (default: its only one)")
      .option("--predict-path <path>", "path of its predictions (default: the protocol's)")
      .option(
        "--command <words>",
        "this model's command in place of the image's own: words, or a JSON list of them",
        words,
      )
      .option("--set <key=value...>", "any other key of `service` for this model alone", assignments)
      .option("--reset-analysis", "forget what earlier releases of this digest counted", false)
      .addOption(formerly("--fresh-evidence"))
      .action(async (said: string | undefined, options) => {
        const { notes, runFlow } = await import("../../flow.ts");
        const { deploy } = await import("../../../validation/deploy/deploy.ts");
        const { testTools } = await import("../../../validation/adapters/test-route.ts");
        const { pinnedImage } = await import("../../local/pinned-image.ts");
        const { modelOf } = await import("../../actions/model.ts");
        const { modelGiven } = await import("../../actions/external-model.ts");
        const { minTasks, maxTasks, capacity, gpus, cpu, memory, env } = options;
        const resetAnalysis = options.resetAnalysis || options.freshEvidence === true;
        const { port, healthPath, protocol, predictPath, command, set, external, digest } = options;
        const ofTasks = { cpu, memory, capacity, gpus, env, command };
        const model = modelGiven({ model: said, external, digest, ofTasks });
        const kind = external ? "external" : undefined;
        const own = structured(set);
        const overrides = given({ capacity, gpus, cpu, memory, environment: env });
        await runFlow({ ...options, tellsAgain: true }, "writes", async (context, target) => {
          const askBy = testTools(localPlace().root, notes(context));
          const { registryToolsFor } = await import("../../registries.ts");
          const found = await modelOf(model, options.modelVersion, registryToolsFor(target), notes(context));
          const { modelVersion, registry, revision } = found;
          const servingProtocol = protocol ?? found.servingProtocol;
          const modelName = options.modelName ?? found.modelName;
          const told = { kind, port, healthPath, servingProtocol, modelName, predictPath, command };
          const service = given({ ...own, ...told });
          const image = external ? found.image : await pinnedImage(target, found.image);
          const asked = { askBy, modelVersion, minTasks, maxTasks, overrides, service, resetAnalysis };
          return deploy(context, { ...asked, image, registry, revision, imagePort: found.port });
        });
      }),
});
