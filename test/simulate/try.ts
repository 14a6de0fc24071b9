import { install } from "./hooks.ts";
install(process.env["PLANT"]);
const { simulate } = await import("./simulation.ts");
const { scenarioOf } = await import("./scenario/scenario.ts");
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 1);
const t=performance.now(); const ends: Record<string, number> = {};
for (let s=from;s<from+n;s++){ const sc=scenarioOf(s); const r=await simulate(sc); const k=`${sc.model.word} ${r.end}`; ends[k]=(ends[k]??0)+1;
 if(n===1){console.log(sc.model, sc.rollout); console.log(r.trace.join("\n"));}
 for(const v of r.violations) console.log(s, v.invariant, v.what); }
console.log(ends, Math.round(performance.now()-t)/n, "ms each");
