/** What a registry knows of a version of a model. */
export interface RegisteredModel {
  /** By digest on AWS; on the local cloud a name of images.local.json. */
  readonly image: string;
  readonly modelVersion: string;
  /** How its server is asked; absent: `deploy` finds it out. */
  readonly servingProtocol?: string;
  /** Its name on the server; absent: the server's only one. */
  readonly modelName?: string;
}

export interface RegistryTools {
  /** A file of the project, as text. Rejects when it cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
}

/**
 * Where models are kept with their versions: one file in this folder with one `definition`, and its test. `npm run
 * generate` makes the index and the table in docs/serving/registries.md from it.
 */
export interface Registry {
  /** What a reference to one of its models begins with: `deploy file:fraud/7`. */
  readonly scheme: string;
  /** For the documents: what it is, and how a reference looks. */
  readonly about: string;
  readonly reference: string;
  /**
   * The version that a reference names, which begins after the scheme. Never changes anything.
   * @throws UserError BG187 when there is no such model, or the registry cannot be read.
   */
  resolve(reference: string, tools: RegistryTools): Promise<RegisteredModel>;
}

export const defineRegistry = (definition: Registry): Registry => definition;
