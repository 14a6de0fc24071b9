import aliases from "@pulumi/pulumi/proto/alias_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";

import type { Alias } from "../deployment/aliases.ts";
import type { Goal, GoalTransform } from "../deployment/goal.ts";
import { notSupported, UserError } from "../errors.ts";
import { decodeProperties } from "../values/values.ts";
import type { Callbacks } from "./callbacks.ts";
import { aliasOf, timeoutsIn } from "./requests.ts";
import { structOf } from "./struct.ts";

/** A transform that runs in the program's own process (pulumi.runtime.registerResourceTransform, `transforms`). */
export function transformOf({ invoke }: Callbacks, callback: Callback): GoalTransform {
  return async (goal) => {
    const request = new messages.TransformRequest()
      .setType(goal.type)
      .setName(goal.name)
      .setCustom(goal.custom)
      .setParent(goal.parent ?? "")
      .setProperties(structOf(goal.inputs))
      .setOptions(optionsOf(goal));
    const answer = messages.TransformResponse.deserializeBinary(
      await invoke(callback, request.serializeBinary()).catch((error: unknown) => {
        throw new UserError(
          `a transform of ${goal.type} ${goal.name} failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      }),
    );
    const properties = answer.getProperties();
    const options = answer.getOptions();
    const inputs = properties === undefined ? goal.inputs : decodeProperties(properties.toJavaScript());
    return { ...goal, inputs, ...(options && changesOf(goal, options)) };
  };
}

type Options = InstanceType<typeof messages.TransformResourceOptions>;

function optionsOf(goal: Goal): Options {
  const timeouts = new messages.RegisterResourceRequest.CustomTimeouts()
    .setCreate(goal.customTimeouts["create"] ?? "")
    .setUpdate(goal.customTimeouts["update"] ?? "")
    .setDelete(goal.customTimeouts["delete"] ?? "")
    .setRead(goal.customTimeouts["read"] ?? "");
  const { beforeCreate, afterCreate, beforeUpdate, afterUpdate } = goal.hooks;
  const options = new messages.TransformResourceOptions()
    .setDependsOnList(goal.dependencies)
    .setProtect(goal.protect)
    .setRetainOnDelete(goal.retainOnDelete)
    .setIgnoreChangesList(goal.ignoreChanges)
    .setReplaceOnChangesList(goal.replaceOnChanges)
    .setAliasesList(goal.aliases.map(messageOf))
    .setProvider(goal.provider ?? "")
    .setAdditionalSecretOutputsList(goal.additionalSecretOutputs)
    .setCustomTimeouts(timeouts)
    .setHooks(
      new messages.RegisterResourceRequest.ResourceHooksBinding()
        .setBeforeCreateList([...beforeCreate])
        .setAfterCreateList([...afterCreate])
        .setBeforeUpdateList([...beforeUpdate])
        .setAfterUpdateList([...afterUpdate]),
    );
  return goal.deleteBeforeReplace === undefined
    ? options
    : options.setDeleteBeforeReplace(goal.deleteBeforeReplace);
}

function changesOf(goal: Goal, options: Options): Partial<Goal> {
  if (options.getDeletedWith() !== "") throw notSupported("the resource option 'deletedWith' of a transform");
  const hooks = options.getHooks();
  const provider = options.getProvider();
  return {
    dependencies: options.getDependsOnList(),
    protect: options.getProtect() ?? goal.protect,
    retainOnDelete: options.getRetainOnDelete() ?? goal.retainOnDelete,
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
    aliases: options.getAliasesList().map(aliasOf),
    ...(provider !== "" && { provider }),
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    customTimeouts: timeoutsIn(options.getCustomTimeouts()),
    ...(options.hasDeleteBeforeReplace() && { deleteBeforeReplace: options.getDeleteBeforeReplace() }),
    ...(hooks && {
      hooks: {
        beforeCreate: hooks.getBeforeCreateList(),
        afterCreate: hooks.getAfterCreateList(),
        beforeUpdate: hooks.getBeforeUpdateList(),
        afterUpdate: hooks.getAfterUpdateList(),
      },
    }),
  };
}

function messageOf(alias: Alias) {
  const message = new aliases.Alias();
  if ("urn" in alias) return message.setUrn(alias.urn);
  const spec = new aliases.Alias.Spec()
    .setName(alias.name ?? "")
    .setType(alias.type ?? "")
    .setStack(alias.stack ?? "")
    .setProject(alias.project ?? "");
  if (alias.parent === null) return message.setSpec(spec.setNoparent(true));
  return message.setSpec(alias.parent === undefined ? spec : spec.setParenturn(alias.parent));
}
