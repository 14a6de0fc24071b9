/** Faults of the example and traffic, on a local cloud alone. */
export interface Playground {
  state(): PlaygroundState;
  play(body: unknown): Promise<PlaygroundState>;
}

export interface PlaygroundState {
  /** Requests a minute that the console sends; 0: none. */
  readonly traffic: number;
  readonly faults: Readonly<Record<string, string>>;
}
