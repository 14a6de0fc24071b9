/** One sheet, inline; every colour has a ratio of 4.5 or more to what it is written on (WCAG 2.2, 1.4.3). */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--card:#f5f7fa;--ink:#16202c;--dim:#526071;--edge:#d5dce5;--blue:#1d5fc4;--green:#0f7a44;--bad:#b3261e;--good:#0f6b3d;--open:#7a5200;--code:#e7ecf2;--c1:#8a3ffc;--c2:#b35900;--c3:#007d79;--c4:#a2185b;--c5:#5c6570}
@media (prefers-color-scheme:dark){:root{--bg:#10161d;--card:#1a232d;--ink:#e8edf3;--dim:#a3b0bf;--edge:#35414f;--blue:#7fb0ff;--green:#5fd08d;--bad:#ff8a80;--good:#69d79b;--open:#f2c14e;--code:#2a3541;--c1:#c3a1ff;--c2:#ffb266;--c3:#4fd8d2;--c4:#ff93c2;--c5:#b8c2cd}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1240px;margin:0 auto;padding:16px 20px 40px}
h1{font-size:24px;line-height:1.2;margin:0}
h2{font-size:18px;margin:32px 0 8px}
.h3{font-size:12px;letter-spacing:.04em;text-transform:uppercase;color:var(--dim);margin:0 0 6px}
p{margin:0 0 6px}
header{border-left:8px solid var(--open);padding:2px 0 2px 14px;margin-bottom:14px}
header.bad{border-color:var(--bad)}header.good{border-color:var(--good)}
header .word{color:var(--open)}header.bad .word{color:var(--bad)}header.good .word{color:var(--good)}
header p{color:var(--dim);margin:3px 0 0}
.first{display:grid;grid-template-columns:7fr 5fr;gap:12px}
.card{background:var(--card);border:1px solid var(--edge);border-radius:8px;padding:12px 14px;min-width:0}
.card>:last-child{margin-bottom:0}
.stack{display:grid;gap:12px;align-content:start;min-width:0}
.pair{display:grid;grid-template-columns:1fr 1fr auto;gap:10px;align-items:end;margin:8px 0}
.big{font-size:30px;line-height:1.1;font-weight:650;font-variant-numeric:tabular-nums;display:block}
.slot{font-weight:600}.blue{--slot:var(--blue)}.green{--slot:var(--green)}
.slot::before{content:"";display:inline-block;width:9px;height:9px;border-radius:2px;background:var(--slot);margin-right:6px}
.slot.active::before{background:none;border:2px dashed var(--slot)}
.lead{font-size:17px;font-weight:600}
.dim{color:var(--dim)}
.split,.meter{display:block;width:100%;height:26px;margin:4px 0}
.split .blue,.meter .fill{fill:var(--blue)}.split .green{fill:var(--green)}.meter .rail{fill:var(--edge)}.meter .fill.over{fill:var(--bad)}.meter .limit{stroke:var(--ink);stroke-width:2}
.meter{height:12px}
ol,ul{margin:0;padding-left:20px}li{margin-bottom:4px}
code{background:var(--code);border-radius:4px;padding:1px 5px;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--edge);overflow-wrap:anywhere}
th{color:var(--dim);font-weight:600;white-space:nowrap}
.wide{overflow-x:auto}
.charts{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.chart{margin:0;background:var(--card);border:1px solid var(--edge);border-radius:8px;padding:10px 12px;min-width:0}
figcaption{font-weight:600}
.legend{color:var(--dim);font-size:12.5px;margin:2px 0 4px;overflow-wrap:anywhere}.legend span{display:inline-block;margin-right:12px}
.chart>svg{display:block;width:100%;height:auto}
.key{width:28px;height:8px;margin-right:5px;vertical-align:middle}
.tick,.mark{font:11px system-ui,sans-serif;fill:var(--dim)}.mark{fill:var(--ink)}
.grid{stroke:var(--edge);stroke-width:1}
.marker{stroke:var(--dim);stroke-width:1;stroke-dasharray:1 3}.marker.back{stroke:var(--bad);stroke-width:2;stroke-dasharray:none}.marker.end{stroke:var(--good);stroke-width:2;stroke-dasharray:none}
.line{fill:none;stroke:var(--slot,var(--ink));stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.line.dashed{stroke-dasharray:6 4}.line.limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:9 3 2 3}
.nth0{stroke:var(--ink);stroke-width:2.5}.nth1{stroke:var(--c1);stroke-dasharray:8 3}.nth2{stroke:var(--c2);stroke-dasharray:3 3}.nth3{stroke:var(--c3);stroke-dasharray:10 3 2 3}.nth4{stroke:var(--c4);stroke-dasharray:1 4}.nth5{stroke:var(--c5);stroke-dasharray:6 2 2 2 2 2}
.area{fill:var(--ink);fill-opacity:.12;stroke:none}
details{border-bottom:1px solid var(--edge);padding:6px 0}summary{cursor:pointer;overflow-wrap:anywhere}
details>div{padding:6px 0 4px 18px}
.pass{color:var(--good)}.fail{color:var(--bad);font-weight:600}
footer{margin-top:32px;color:var(--dim)}
@media (max-width:800px){main{padding:12px}.first,.charts{grid-template-columns:minmax(0,1fr)}.pair{grid-template-columns:1fr 1fr}h1{font-size:20px}}
@media print{:root{color-scheme:light}body{font-size:11px}main{max-width:none;padding:0}.card,.chart,tr{break-inside:avoid}details>*{display:block}}
`;
