// The style sheet of the HTML report: system fonts, both colour schemes, tables that stack on a phone.

export const STYLE = `
:root { color-scheme: light dark; --text: #1d2129; --soft: #5a6270; --line: #d9dde3; --page: #fff; --cell: #f4f5f7;
  --good: #11663a; --good-page: #e5f5ec; --bad: #99231b; --bad-page: #fdecea; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8ec; --soft: #a2a9b5; --line: #363c46; --page: #15181d;
  --cell: #20242b; --good: #7fd8a5; --good-page: #12301f; --bad: #ff9d94; --bad-page: #3a1714; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
code { font: .87em ui-monospace, monospace; background: var(--cell); padding: .1em .3em; border-radius: .25em; }
p, dd, li, code { overflow-wrap: anywhere; }
.table { overflow-x: auto; }
.verdict { margin: 0; padding: .75rem 1rem; border-radius: .5rem; font-weight: 600; }
.clean { color: var(--good); background: var(--good-page); }
.left { color: var(--bad); background: var(--bad-page); }
.note { color: var(--bad); margin: .5rem 0 0; }
dl { margin: 1.25rem 0 0; display: grid; gap: .35rem; }
dl div { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); }
dt, th { color: var(--soft); font-weight: 500; }
dd { margin: 0; }
ol, ul { margin: 0; padding-left: 1.4rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); border: 0; padding: .1rem 0; overflow-wrap: anywhere; }
  td::before { content: attr(data-head); color: var(--soft); }
}
@media print { body { font-size: 11px; } tr { break-inside: avoid; } }
`;
