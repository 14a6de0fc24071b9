/** Loaded into a process before its program (`node --import`): neither engine of Pulumi's can be started in it. */
import { registerHooks } from "node:module";

const ENGINES = /\/cli\/local\/engine\.ts$|@pulumi\/pulumi\/automation/;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (ENGINES.test(resolved.url) || ENGINES.test(specifier))
      throw new Error(`there is no ${specifier} here`);
    return resolved;
  },
});
