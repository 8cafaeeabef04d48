/** The style of the HTML report: system fonts, one column, both colour schemes, print. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--pass:#116329;--warn:#7d4e00;--fail:#a40e26;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9198a1;--line:#3d444d;--card:#161b22;--pass:#56d364;--warn:#e3b341;--fail:#ff7b72;--link:#79c0ff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:56rem;background:var(--bg);color:var(--fg);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans SC",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
a{color:var(--link)}
code,pre{font:.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace}
pre{margin:.5rem 0;padding:.6rem .8rem;background:var(--card);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap}
.verdict{border-left:.4rem solid var(--soft);padding:.4rem .8rem;background:var(--card)}
.pass{color:var(--pass)}.warn,.inconclusive{color:var(--warn)}.fail{color:var(--fail)}.skipped,.soft{color:var(--soft)}
.verdict.pass{border-color:var(--pass)}.verdict.warn,.verdict.inconclusive{border-color:var(--warn)}.verdict.fail{border-color:var(--fail)}
.title{font-size:1.15rem;font-weight:600;margin:.8rem 0 .2rem}
table{width:100%;border-collapse:collapse;margin:.5rem 0}
th,td{padding:.35rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600}th,table.stages td:nth-child(-n+3),table.checks td:nth-child(2){white-space:nowrap;overflow-wrap:normal}td{overflow-wrap:break-word}table.facts td:first-child{width:14rem}
li{margin:.25rem 0}
footer{margin-top:2rem;padding-top:.5rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
footer p{margin:.15rem 0}
@media (max-width:36rem){table.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}table.stack tr{display:block;padding:.4rem 0;border-bottom:1px solid var(--line)}table.stack td{display:block;border:0;padding:.1rem 0;overflow-wrap:anywhere}table.stack td:first-child{font-weight:600}table.facts td:first-child{width:auto}table.stages td:nth-child(-n+3){display:inline-block;margin-right:.75rem}}
@media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--line:#999;--card:#fff;--pass:#000;--warn:#000;--fail:#000;--link:#000}body{max-width:none;padding:0}pre,table{break-inside:avoid}a[href^="http"]::after{content:" (" attr(href) ")"}details:not([open])>*{display:block}}
`.trim();
