/** The look of the HTML report: the product's own, in both themes and on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --surface: #ffffff; --sunken: #f7f8fa; --hover: #eff1f4; --line: #e4e7eb; --line-strong: #d2d7de;
  --text: #1c2026; --dim: #555e6a; --accent: #2a66d9;
  --good: #1a7436; --good-soft: #e6f4ea; --good-bar: #58a571;
  --warn: #8a5a00; --warn-soft: #fdf3dc; --warn-bar: #d9a021;
  --bad: #c4262e; --bad-soft: #fdecec; --bad-bar: #c4262e;
  --quiet: #555e6a; --quiet-soft: #eeeff1; --quiet-bar: #d2d7de;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --surface: #191c21; --sunken: #14171b; --hover: #24282f; --line: #292e35; --line-strong: #383f48;
    --text: #e4e7eb; --dim: #a0a8b3; --accent: #7daaf7;
    --good: #56c277; --good-soft: #17301f; --good-bar: #33704a;
    --warn: #dfae3c; --warn-soft: #35290f; --warn-bar: #a67c1f;
    --bad: #ff8a84; --bad-soft: #3d1f20; --bad-bar: #d9534f;
    --quiet: #a0a8b3; --quiet-soft: #292d33; --quiet-bar: #383f48;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--surface); color: var(--text);
  font: 13px/1.5 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.page { max-width: 1080px; margin: 0 auto; padding: 32px 24px 48px; }
h1, h2, h3, p, dl, dd, ul, table, pre { margin: 0; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; }
h2 { font-size: 16px; line-height: 24px; font-weight: 600; }
h3 { font-size: 12px; line-height: 20px; font-weight: 600; color: var(--dim); }
a { color: var(--accent); text-decoration-thickness: 1px; text-decoration-color: color-mix(in srgb, currentColor 45%, transparent); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentColor; }
code, pre, .id { font-family: var(--mono); font-size: 12px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; border-radius: 3px; }
svg { display: block; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }

.kind { color: var(--dim); font-size: 12px; margin-bottom: 4px; }
.verdict { margin-top: 16px; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.verdict-line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding: 14px 16px; }
.verdict-line strong { display: inline-flex; align-items: center; gap: 8px; font-size: 16px; line-height: 24px; font-weight: 600; }
.verdict-line span { color: var(--dim); font-size: 14px; }
.verdict ul { list-style: none; padding: 0 16px 14px 42px; }
.bar { width: 100%; height: 4px; stroke: none; background: var(--quiet-bar); }
.bar .good { fill: var(--good-bar); } .bar .warn { fill: var(--warn-bar); }
.bar .bad { fill: var(--bad-bar); } .bar .quiet { fill: var(--quiet-bar); }
.facts { display: flex; flex-wrap: wrap; gap: 8px 32px; margin-top: 16px; }
.facts dt { color: var(--dim); font-size: 12px; line-height: 16px; }
.facts dd { line-height: 20px; }

section { margin-top: 32px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 16px; padding-bottom: 8px; border-bottom: 1px solid var(--line-strong); }
.head p { color: var(--dim); }
.mark { display: inline-flex; align-items: center; gap: 6px; font-weight: 500; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .quiet { color: var(--quiet); }

table { width: 100%; border-collapse: collapse; }
th { padding: 6px 12px 6px 0; color: var(--dim); font-size: 12px; font-weight: 500; text-align: left; border-bottom: 1px solid var(--line); }
td { padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:last-child, th:last-child { padding-right: 0; }
.summary td:first-child { width: 38%; } .summary td:nth-child(2) { width: 150px; }
.summary td:last-child { color: var(--dim); }

.problems { list-style: none; padding: 0; }
.problems li { display: grid; grid-template-columns: 84px minmax(0, 2fr) minmax(0, 3fr); gap: 0 12px; align-items: start; padding: 7px 0; border-bottom: 1px solid var(--line); }
.problems span:last-child { color: var(--dim); }

details { border-bottom: 1px solid var(--line); }
summary {
  display: grid; grid-template-columns: 14px 76px minmax(0, 2fr) minmax(0, 3fr); gap: 0 10px; align-items: start;
  padding: 6px 0; min-height: 32px; cursor: pointer; list-style: none;
}
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--hover); }
summary > svg { margin-top: 3px; color: var(--dim); }
details[open] > summary > svg { transform: rotate(90deg); }
.seen { color: var(--dim); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
details[open] .seen { display: none; }
.tag { margin-left: 6px; padding: 1px 6px; border-radius: 4px; background: var(--quiet-soft); color: var(--text); font-size: 12px; white-space: nowrap; }
.body { padding: 2px 0 16px 24px; }
.rule { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; color: var(--dim); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 8px 16px; margin-top: 8px; }
.pair > div { min-width: 0; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; }
.pair p { white-space: pre-wrap; }
.pair .bad-soft { background: var(--bad-soft); } .pair .warn-soft { background: var(--warn-soft); }
.pair .good-soft { background: var(--good-soft); } .pair .quiet-soft { background: var(--quiet-soft); }
.pair [class$="-soft"] h3 { color: var(--text); }
.note { margin-top: 8px; }
.exchange { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px 16px; margin-top: 12px; }
.exchange > div { min-width: 0; }
.exchange h3 { margin-bottom: 4px; }
pre { max-height: 320px; overflow: auto; padding: 8px 12px; background: var(--sunken); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; line-height: 18px; }
footer { margin-top: 32px; color: var(--dim); font-size: 12px; }

@media (max-width: 720px) {
  .page { padding: 20px 16px 32px; }
  summary { grid-template-columns: 14px 76px minmax(0, 1fr); }
  summary .seen { grid-column: 3; }
  .problems li { grid-template-columns: 76px minmax(0, 1fr); }
  .problems span:last-child { grid-column: 2; }
  .exchange { grid-template-columns: minmax(0, 1fr); }
  .summary, .summary tbody, .summary tr, .summary td { display: block; width: auto; }
  .summary thead { display: none; }
  .summary tr { padding: 8px 0; border-bottom: 1px solid var(--line); }
  .summary td, .summary td:first-child, .summary td:nth-child(2) { width: auto; padding: 0; border: 0; }
}
@media print {
  :root { color-scheme: light; }
  .page { max-width: none; padding: 0; }
  summary > svg { display: none; }
  summary { grid-template-columns: 76px minmax(0, 2fr) minmax(0, 3fr); }
  pre { max-height: none; }
  summary, tr, .pair > div { break-inside: avoid; }
  .head { break-after: avoid; }
}
`;
