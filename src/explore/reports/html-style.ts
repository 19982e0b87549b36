// What the style sheet of the exploration report has besides that of other reports: the matrix and the runs.
import type { Verdict } from '../verdict.ts';

const TONES: Readonly<Record<Verdict, 'bad' | 'odd' | 'calm' | 'good'>> = {
  'half-done': 'bad',
  hung: 'bad',
  crashed: 'bad',
  'done-but-reported-failed': 'odd',
  'survived-differently': 'odd',
  'failed-cleanly': 'calm',
  'not-reached': 'calm',
  survived: 'good',
};

/** The class of a verdict's colours. */
export function toneOf(verdict: Verdict): string {
  return `tone ${TONES[verdict]}`;
}

export const MATRIX_STYLE = `
:root { --odd: #7a4a00; --odd-page: #fcf0d8; }
@media (prefers-color-scheme: dark) { :root { --odd: #f0c674; --odd-page: #38290c; } }
.tone { display: inline-block; padding: .1rem .5rem; border-radius: .35rem; font-weight: 500; text-decoration: none; }
a.tone:hover, a.tone:focus-visible { text-decoration: underline; }
.bad { color: var(--bad); background: var(--bad-page); }
.odd { color: var(--odd); background: var(--odd-page); }
.calm { color: var(--text); background: var(--cell); }
.good { color: var(--good); background: var(--good-page); }
.note { color: var(--text); }
.legend { list-style: none; padding: 0; margin: 1.25rem 0 0; display: grid; gap: .35rem; }
.matrix { overflow-x: auto; }
.matrix table { width: auto; min-width: min(100%, 30rem); }
.matrix th, .matrix td { padding: .3rem .75rem .3rem 0; white-space: nowrap; }
.matrix tbody th { font-weight: 400; color: var(--text); }
.matrix thead { position: static; clip-path: none; width: auto; height: auto; }
.matrix tr { display: table-row; }
.matrix td { display: table-cell; border-bottom: 1px solid var(--line); }
.matrix td::before { content: none; }
@media (max-width: 40rem) { .matrix tbody th { white-space: normal; min-width: 8rem; } }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
details h3 { font-size: .95rem; margin: 1rem 0 .25rem; }
pre { margin: 0; padding: .6rem .75rem; background: var(--cell); border-radius: .35rem; overflow-x: auto;
  font: .8rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.run { margin-top: .6rem; padding: .25rem 0 .75rem; scroll-margin-top: 4rem; }
:target { outline: 2px solid var(--line); outline-offset: .2rem; border-radius: .25rem; }
`;
