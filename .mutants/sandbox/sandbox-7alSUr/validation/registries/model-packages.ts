/** A version in SageMaker's Model Registry, in the words of its API. */
export interface ModelPackage {
  readonly arn: string;
  readonly status: string;
  /** `Approved`, `Rejected`, `PendingManualApproval`. */
  readonly approval: string;
  readonly containers: readonly {
    readonly image: string;
    /** `sha256:…`; undefined: it is not kept. */
    readonly digest: string | undefined;
    /** Where its artifacts are; undefined: in the image. */
    readonly modelData: string | undefined;
  }[];
  /** CustomerMetadataProperties. */
  readonly properties: Readonly<Record<string, string>>;
  readonly commit: string | undefined;
}

export interface ModelPackages {
  /** ARNs of a group's versions, newest first; empty: it has none, or there is no such group. */
  list(group: string): Promise<readonly { readonly version: string; readonly arn: string }[]>;
  describe(arn: string): Promise<ModelPackage>;
  /** Replaces the properties by these, and takes away those that are named. */
  update(arn: string, properties: Readonly<Record<string, string>>, remove: readonly string[]): Promise<void>;
}
