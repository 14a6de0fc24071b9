import * as pulumi from "@pulumi/pulumi";

/** Something that the person can fix: Pulumi shows its message without a stack trace. */
export const wrong = (message: string): pulumi.RunError => new pulumi.RunError(message);
