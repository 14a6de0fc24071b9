import * as pulumi from "@pulumi/pulumi";

class Note extends pulumi.CustomResource {
  declare readonly text: pulumi.Output<string>;
  constructor(name: string, properties: { readonly text: pulumi.Input<string> }) {
    super("notes:index:Note", name, properties);
  }
}

const first = new Note("first", { text: "an unmodified Pulumi program" });
const second = new Note("second", { text: pulumi.interpolate`after: ${first.text}` });

export const said = second.text;
