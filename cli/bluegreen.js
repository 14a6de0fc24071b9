#!/usr/bin/env node
// First of all whether the checkout is installed: an older Node cannot even read the rest.
import "./installed.js";

await import("./main.ts");
