import type { Properties } from "../../pulumi-engine/values/provider.ts";

/** A resource that is recorded, not simulated: it has an id and outputs, and nothing acts on it. */
export interface Recorded {
  readonly type: string;
  readonly id: string;
  readonly outputs: Properties;
}

export interface RecordStore {
  get(type: string, id: string): Recorded | undefined;
  put(record: Recorded): void;
  remove(type: string, id: string): void;
  all(): readonly Recorded[];
  /** JSON-safe. */
  snapshot(): unknown;
  /** @throws when the snapshot has another format. */
  restore(snapshot: unknown): void;
  onChange(listener: () => void): void;
}

const FORMAT = 1;

export function createRecordStore(): RecordStore {
  const records = new Map<string, Recorded>();
  const listeners: (() => void)[] = [];
  const keyOf = (type: string, id: string) => `${type}::${id}`;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return {
    get: (type, id) => records.get(keyOf(type, id)),
    put(record) {
      records.set(keyOf(record.type, record.id), structuredClone(record));
      changed();
    },
    remove(type, id) {
      if (records.delete(keyOf(type, id))) changed();
    },
    all: () => [...records.values()],
    snapshot: () => structuredClone({ format: FORMAT, records: [...records.values()] }),
    restore(snapshot) {
      // Only snapshot() above writes this; the format says whether this code can read it.
      const saved = structuredClone(snapshot) as { format: number; records: Recorded[] };
      if (saved.format !== FORMAT)
        throw new Error(
          `recorded resources were saved in format ${saved.format}; this version reads ${FORMAT}`,
        );
      records.clear();
      for (const record of saved.records) records.set(keyOf(record.type, record.id), record);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
