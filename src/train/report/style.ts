/** The report's style sheet: readable on paper, on a phone, in the dark. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--line:#d8d5cd;--ground:#fff;--c0:#1f2328;--c1:#0b6e5f;--c2:#b45309;--c3:#6d4aa8;--c4:#b91c1c;--c5:#2563a8}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3adb8;--line:#363d45;--ground:#16191d;--c0:#e8eaed;--c1:#5fd0bd;--c2:#f0a04b;--c3:#b79bea;--c4:#f28b82;--c5:#7db3ee}}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{overflow-wrap:anywhere;max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem}h2{margin-top:2.5rem;font-size:1.25rem}h3{font-size:1rem}small,footer{color:var(--soft);font-weight:normal}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem}
th,td{padding:.35rem .5rem;border-bottom:1px solid var(--line);text-align:right;font-variant-numeric:tabular-nums;vertical-align:top}
th{font-weight:600}thead th{white-space:nowrap;overflow-wrap:normal}tbody th{text-align:left;font-weight:400}thead th:first-child{text-align:left}tbody th{min-width:14rem;overflow-wrap:anywhere}td{white-space:nowrap}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem}
figure{margin:0}figcaption{font-weight:600;font-size:.875rem}svg{width:100%;height:auto}
.grid{stroke:var(--line)}.tick,.axis,.name{fill:var(--soft);font-size:11px}.name{fill:var(--ink)}.end{text-anchor:end}.middle{text-anchor:middle}
.line{fill:none;stroke-width:2;stroke-linecap:round}.student{fill:var(--c1)}.teacher{fill:var(--c3)}
.c0{stroke:var(--c0);color:var(--c0)}.c1{stroke:var(--c1);color:var(--c1)}.c2{stroke:var(--c2);color:var(--c2)}.c3{stroke:var(--c3);color:var(--c3)}.c4{stroke:var(--c4);color:var(--c4)}.c5{stroke:var(--c5);color:var(--c5)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0;padding:0;list-style:none;font-size:.8125rem}.legend li::before{content:'— '}
`;
