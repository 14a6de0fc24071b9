import { InvalidArgumentError } from "commander";

/** How late metrics can be read, in virtual seconds: all, and single ones by name. */
export interface PublishLags {
  readonly publishLagSeconds: number;
  readonly publishLagOfSeconds?: Readonly<Record<string, number>>;
}

const WORDS = "It takes whole seconds from 0 to 3600, and after them single metrics: 60,RequestCount=180.";

/** @throws InvalidArgumentError for what is no such list. */
export function publishLags(text: string): PublishLags {
  const seconds = (word: string) => {
    if (!/^\d{1,4}$/.test(word) || Number(word) > 3600) throw new InvalidArgumentError(WORDS);
    return Number(word);
  };
  const [all = "", ...single] = text.split(",");
  const of = single.map((part) => {
    const [, name = "", lag = ""] = /^([A-Za-z0-9_]+)=(.*)$/.exec(part) ?? [];
    return [name, seconds(lag)] as const;
  });
  if (new Set(of.map(([name]) => name)).size < of.length) throw new InvalidArgumentError(WORDS);
  return { publishLagSeconds: seconds(all), publishLagOfSeconds: Object.fromEntries(of) };
}
