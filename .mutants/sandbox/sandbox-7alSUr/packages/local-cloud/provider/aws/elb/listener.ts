import { ifThere, first, made, type Call } from "../../calls.ts";
import { api, changedMembers, resource } from "../../record-shape.ts";
import type { ResourceType } from "../../resource-type.ts";
import { asProperties, members, number, text, type Shape } from "../../shape.ts";
import { actions } from "./actions.ts";
import { elbTags, elbTagStep, readElbTags } from "./tags.ts";

const certificate: Shape = {
  ...text(),
  toApi: (value) => [{ CertificateArn: value }],
  fromApi: (value) => asProperties(members(value)[0])["CertificateArn"],
};

const inputs = resource({
  loadBalancerArn: api("LoadBalancerArn", text()),
  port: api("Port", number()),
  protocol: api("Protocol", text()),
  sslPolicy: api("SslPolicy", text()),
  certificateArn: api("Certificates", certificate),
  alpnPolicy: api("AlpnPolicy", {
    ...text(),
    toApi: (value) => [value],
    fromApi: (value) => members(value)[0],
  }),
  defaultActions: api("DefaultActions", actions, []),
  tags: api("Tags", elbTags, {}),
});
const MODIFIABLE = ["port", "protocol", "sslPolicy", "certificateArn", "alpnPolicy", "defaultActions"];

export function listenerType(call: Call): ResourceType {
  return {
    inputs,
    replacedBy: ["loadBalancerArn", "region"],
    identity: ["loadBalancerArn", "port"],
    async create(wanted) {
      const arn = String(
        made(await call("CreateListener", inputs.toApi(wanted)), "Listeners")["ListenerArn"],
      );
      return { id: arn, arn };
    },
    async find({ loadBalancerArn, port }) {
      const { Listeners } = await call("DescribeListeners", { LoadBalancerArn: loadBalancerArn });
      const found = members(Listeners).find((listener) => asProperties(listener)["Port"] === port);
      const arn = String(asProperties(found)["ListenerArn"]);
      return found === undefined ? undefined : { id: arn, arn };
    },
    steps: [
      {
        properties: MODIFIABLE,
        async apply({ arn, news, changed }) {
          const modified = new Set([...changed].filter((name) => MODIFIABLE.includes(name)));
          await call("ModifyListener", { ListenerArn: arn, ...changedMembers(inputs, news, modified) });
        },
      },
      elbTagStep(call),
    ],
    async describe({ arn }) {
      const answer = await ifThere(call("DescribeListeners", { ListenerArns: [arn] }));
      const found = answer && first(answer, "Listeners");
      if (found === undefined) return undefined;
      return { ...inputs.fromApi(found), ...(await readElbTags(call, arn)), arn };
    },
    async delete({ arn }) {
      await ifThere(call("DeleteListener", { ListenerArn: arn }));
    },
  };
}
