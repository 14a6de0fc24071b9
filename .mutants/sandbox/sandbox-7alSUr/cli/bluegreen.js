#!/usr/bin/env node
// First of all whether it can run at all: an older Node cannot even read the rest.
import { isCheckout } from "./installed.js";

await import(isCheckout ? "./main.ts" : "../dist/cli/main.js");
