// Pulumi runs a policy pack through require() with a TypeScript compiler of its own for `.ts`. From this file on,
// Node loads the pack as it loads the program: as it is.
import { serve } from "./pack.ts";

serve();
