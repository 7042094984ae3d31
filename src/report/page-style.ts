/** The look of a report: one column, ruled tables, digits under digits; dark on dark screens, white on paper. */
export const pageStyle = `
:root{--paper:#fff;--ink:#1f2328;--quiet:#57606a;--rule:#d5d9de;--band:#f6f7f8;--good:#116329;--bad:#a40e26}
@media screen and (prefers-color-scheme:dark){
:root{--paper:#14171a;--ink:#e6e8ea;--quiet:#a2abb4;--rule:#363d44;--band:#1b1f23;--good:#7ee2a0;--bad:#ff8e9b}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:1.0625rem/1.55 Charter,"Bitstream Charter","Iowan Old Style","Palatino Linotype",Cambria,Georgia,serif}
main{max-width:52rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 1rem;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.3rem;line-height:1.3;margin:3rem 0 .75rem}
p{margin:.75rem 0}
.kicker,.notes,figcaption,summary,table,.facts{
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.kicker{margin:0;color:var(--quiet);font-size:.875rem;overflow-wrap:anywhere}
.headline{font-size:1.1875rem;padding-left:.9rem;border-left:.25rem solid var(--rule);overflow-wrap:anywhere}
.headline.good{border-color:var(--good)}
.headline.bad{border-color:var(--bad)}
.scroll{overflow-x:auto;margin:1rem 0 .5rem}
table{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.4;font-variant-numeric:tabular-nums lining-nums}
caption{text-align:left;font-weight:600;padding:0 0 .4rem;position:sticky;left:0}
th,td{padding:.35rem .5rem;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--rule)}
th:first-child{padding-left:0}
td:last-child,thead th:last-child{padding-right:0}
thead th{font-weight:600;border-top:2px solid var(--ink);border-bottom:1px solid var(--ink);vertical-align:bottom}
tbody th{font-weight:400}
th[scope=rowgroup]{font-weight:600;padding-top:.8rem}
tbody:last-child tr:last-child>*{border-bottom:2px solid var(--ink)}
.number,.range{text-align:right}
td.number,td.range,tbody th{white-space:nowrap}
.good{color:var(--good)}
.bad{color:var(--bad)}
p.good,p.bad{color:inherit}
td.good,td.bad{font-weight:600;white-space:nowrap}
td.good::before{content:"\\2713\\a0"/""}
td.bad::before{content:"\\2717\\a0"/""}
.notes{color:var(--quiet);font-size:.8125rem;line-height:1.5}
.notes p{margin:.35rem 0}
figure{margin:1.5rem 0 2.5rem}
figcaption{font-size:.875rem;margin-top:.25rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 1.5rem;align-items:start}
.narrow{display:none}
var{font-style:italic}
sub{font-size:.72em;line-height:0}
.gradus-figure{display:block}
details{margin:.6rem 0}
summary{cursor:pointer;color:var(--quiet);font-size:.875rem;width:fit-content}
:focus-visible{outline:2px solid #0072b2;outline-offset:2px}
pre{background:var(--band);border:1px solid var(--rule);border-radius:4px;padding:.8rem 1rem;overflow-x:auto;
font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
td{overflow-wrap:anywhere}
td.number,td.range,td.good,td.bad{overflow-wrap:normal}
@media screen and (max-width:34rem){
main{padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem}
table{font-size:.75rem}
th,td{padding:.3rem .2rem}
td.range,tbody th,td.good,td.bad{white-space:normal}
.pair{display:block}
table.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.stack tr{display:block;padding:.4rem 0;border-bottom:1px solid var(--rule)}
table.stack tbody th,table.stack td{display:flex;justify-content:space-between;gap:1rem;padding:.1rem 0;border:0;text-align:right}
table.stack tbody th{display:block;font-weight:600;text-align:left}
table.stack tbody:last-child tr:last-child>*{border:0}
table.stack tbody th[data-column]::before{content:attr(data-column) " "}
table.stack td:empty{display:none}
table.stack td::before{content:attr(data-column);color:var(--quiet);text-align:left;flex:none}
table.stack td.good::before,table.stack td.bad::before{content:attr(data-column)}
.wide{display:none}
.narrow{display:block}
}
@media print{
@page{margin:18mm}
html{font-size:10pt}
.gradus-figure{max-width:13.5cm}
main{max-width:none;padding:0}
h2,caption{break-after:avoid}
figure,tr{break-inside:avoid}
details{display:none}
.scroll{overflow:visible}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
}
`;
