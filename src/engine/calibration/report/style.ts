/** The style of the page: light, dark where the system asks for it, and always light on paper. */
export const reportStyle = `
:root{color-scheme:light;--bg:#fff;--panel:#f8f9fa;--text:#1a1d21;--soft:#434a53;--dim:#575e68;--line:#cfd3d8;--hair:#e3e5e8;--accent:#0b6e77;--accent-soft:#d8eaec;--warn:#7d5300;--warn-bg:#fdf3dc;--max:#b4590f;--cool:#2b6ca8;--seq0:#f4f7fa;--seq:#0a3f7d}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--bg:#17191b;--panel:#1f2124;--text:#eceef0;--soft:#bcc1c8;--dim:#9aa1aa;--line:#3a3e44;--hair:#2a2d31;--accent:#4cc2c4;--accent-soft:#1d3a3c;--warn:#f0c35c;--warn-bg:#332a17;--max:#f29a4e;--cool:#6fb1ea;--seq0:#1c2127;--seq:#c6e2ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main{max-width:1560px;margin:0 auto;padding:28px 32px 64px}
h1{font-size:22px;line-height:28px;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:18px;line-height:24px;margin:40px 0 8px;padding-top:12px;border-top:1px solid var(--line)}
h3{font-size:15px;margin:0 0 8px}
p{margin:0 0 10px;max-width:84ch}
.facts,.dim,figcaption,.cap{color:var(--dim)}
.cap,figcaption{font-size:13px;line-height:19px;max-width:84ch}
.verdict{margin:16px 0 0;padding:14px 18px;background:var(--accent-soft);border-left:4px solid var(--accent);font-size:18px;line-height:26px;max-width:none}
.verdict.doubt{background:var(--warn-bg);border-color:var(--warn)}
.models{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,560px),1fr));gap:20px}
.model{border:1px solid var(--line);background:var(--panel);border-radius:8px;padding:16px 18px;min-width:0}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:20px 36px;align-items:start}
.photos{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:22px}
figure{margin:0;min-width:0}
figcaption{margin-top:8px}
figure svg{display:block;width:100%;height:auto}
.photos figcaption{margin-top:6px;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px;line-height:20px}
td,th{padding:3px 18px 3px 0;text-align:left;vertical-align:top}
th{color:var(--dim);font-weight:500;border-bottom:1px solid var(--line)}
td{border-bottom:1px solid var(--hair)}
td.n,th.n{text-align:right;white-space:nowrap}
td.name{overflow-wrap:anywhere;min-width:9em;max-width:28em}
.full{width:100%}
table.k{margin:2px 0 14px;border-left:2px solid var(--soft);border-right:2px solid var(--soft);border-radius:4px}
table.k td{border:0;padding:1px 14px;text-align:right}
code{font-family:ui-monospace,"Cascadia Mono","Noto Sans Mono","Liberation Mono",monospace;font-size:13px}
td code{white-space:nowrap}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;fill:var(--text)}
svg .over{paint-order:stroke;stroke:var(--bg);stroke-width:3px}
svg .t{fill:var(--dim)}
svg .axis{stroke:var(--line);fill:none}
svg .zero{stroke:var(--dim);fill:none;stroke-dasharray:3 3}
svg .ring{stroke:var(--text);fill:none;stroke-dasharray:5 3}
svg .rms{fill:var(--accent)}
svg .max{fill:var(--max)}
svg .median{stroke:var(--text);stroke-width:1.5;stroke-dasharray:4 3}
svg .cell{stroke:var(--line)}
svg .empty{fill:none}
svg .shade{fill:var(--accent)}
svg .frame{fill:var(--panel);stroke:var(--line)}
svg .ideal{stroke:var(--dim);fill:none;stroke-dasharray:4 4}
svg .bent{stroke:var(--accent);fill:none;stroke-width:1.6}
svg .centre{stroke:var(--max);fill:none;stroke-width:1.6}
ul{padding-left:20px;margin:8px 0;max-width:96ch}
li{margin:3px 0;overflow-wrap:anywhere}
@media (max-width:900px){main{padding:20px 18px 48px}}
@media print{main{max-width:none;padding:0}h2{break-after:avoid}figure,.model,tr{break-inside:avoid}.photos{grid-template-columns:1fr 1fr}body{font-size:11pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();
