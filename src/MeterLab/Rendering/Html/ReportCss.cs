namespace MeterLab.Cli.Rendering.Html;

/// <summary>
/// The style sheet inside every report. Colours of data are those of Okabe and Ito (2008), on a dark screen in a lighter
/// choice of the same; print is always dark on white. It contains neither &lt; nor &amp;, so that the document stays well-formed XML.
/// </summary>
internal static class ReportCss
{
    /// <summary>The sheet.</summary>
    public const string Text = """
        :root {
          color-scheme: light dark;
          --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --panel: #f5f7f9; --stripe: #fafbfc;
          --link: #0b5cad; --window: #e4ecf5; --edge: #9db4cf; --band: #e6f1ea; --good: #00694d; --bad: #a23b00; --open: #5c5470;
          --e1: #0072b2; --e2: #d55e00; --e3: #009e73; --e4: #b8588f; --e5: #b07a00; --e6: #3a8fc4;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --paper: #14181d; --ink: #e6e9ec; --soft: #a3adb8; --line: #39424c; --panel: #1c2228; --stripe: #181d23;
            --link: #7cc0ff; --window: #223044; --edge: #51698a; --band: #1e3229; --good: #5fd0a8; --bad: #ff9a5c; --open: #c1b6de;
            --e1: #56b4e9; --e2: #f08040; --e3: #2cc99b; --e4: #e59bc6; --e5: #e6b422; --e6: #4d9fe0;
          }
        }
        * { box-sizing: border-box; }
        html { scroll-behavior: auto; }
        body { margin: 0 auto; max-width: 66rem; padding: 1.5rem 1.25rem 3rem; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
          font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif; }
        a { color: var(--link); }
        a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .skip { position: absolute; left: -9999px; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem; }
        h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .2rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.8rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); }
        h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; overflow-wrap: anywhere; }
        p { margin: .5rem 0; max-width: 46rem; }
        .kicker { margin: 0; color: var(--soft); font-size: .85rem; letter-spacing: .06em; text-transform: uppercase; }
        .muted, figcaption + p { color: var(--soft); }
        .lead { background: var(--panel); border-left: 4px solid var(--e1); border-radius: 4px; padding: .6rem 1.1rem; margin: 1rem 0; }
        .lead ul { margin: .4rem 0; padding-left: 1.2rem; }
        .lead li { margin: .35rem 0; overflow-wrap: anywhere; }
        nav ol { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; list-style: none; padding: 0; margin: .8rem 0 0; font-size: .92rem; }
        figure { margin: 1.1rem 0 1.6rem; break-inside: avoid; min-width: 0; }
        figcaption { font-weight: 600; margin-bottom: .3rem; overflow-wrap: anywhere; }
        figure > svg { display: block; width: 100%; height: auto; }
        svg.narrow { display: none; }
        svg.tile { max-width: 32rem; }
        .wide-tiles svg.wide { max-width: 40rem; } .tiles figure:has(details[open]) { grid-column: 1 / -1; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 0 1.8rem; }
        .tiles.wide-tiles { grid-template-columns: repeat(auto-fill, minmax(min(30rem, 100%), 1fr)); }
        .key { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; list-style: none; padding: 0; margin: .2rem 0 .5rem; font-size: .86rem; }
        .key li { display: flex; gap: .4rem; align-items: center; overflow-wrap: anywhere; }
        .key li span { min-width: 0; } .swatch { flex: none; }
        details { margin-top: .4rem; font-size: .9rem; }
        summary { cursor: pointer; color: var(--link); width: fit-content; }
        .scroll { overflow-x: auto; margin: .6rem 0 1rem; max-width: 100%; }
        table { border-collapse: collapse; overflow-wrap: break-word; font-size: .84rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--soft); padding: 0 0 .35rem; }
        th, td { padding: .28rem .6rem .28rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
        thead th { border-bottom: 2px solid var(--soft); vertical-align: bottom; font-weight: 600; }
        th.n, td.n { text-align: right; } td.n { white-space: nowrap; } #summary-table td.n, #bias-table td.n { white-space: normal; }
        th[scope="row"] { min-width: 7rem; } td { min-width: 4.1rem; overflow-wrap: break-word; } td.n { overflow-wrap: normal; min-width: 0; }
        tbody th { font-weight: 600; } #validity td:last-child { min-width: 16rem; } .rules td:nth-child(2) { white-space: nowrap; }
        td ul { margin: 0; padding-left: 1rem; }
        .agree { color: var(--good); } .differ { color: var(--bad); } .inconclusive { color: var(--open); }
        .verdict { font-weight: 600; white-space: nowrap; }
        dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
        dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
        .formula { font-family: Cambria, "STIX Two Text", "Liberation Serif", "DejaVu Serif", serif; font-style: italic; margin-left: 1.2rem; }
        svg text { font-size: 12.5px; fill: var(--ink); font-family: inherit; }
        svg text.tick, svg text.axis, svg text.note { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        svg text.mid { text-anchor: middle; } svg text.end { text-anchor: end; }
        svg text.heading { font-weight: 600; font-size: 13px; } svg text.note { font-style: italic; }
        svg text.value { font-weight: 600; font-size: 12px; font-variant-numeric: tabular-nums; }
        .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
        .e1 { --c: var(--e1); } .e2 { --c: var(--e2); } .e3 { --c: var(--e3); } .e4 { --c: var(--e4); } .e5 { --c: var(--e5); } .e6 { --c: var(--e6); }
        .truth { --c: var(--ink); }
        .grid { stroke: var(--line); stroke-width: 1; fill: none; } .rule { stroke: var(--line); stroke-width: .6; fill: none; }
        .zero { stroke: var(--ink); stroke-width: 1.4; fill: none; }
        .band { fill: var(--band); } .window { fill: var(--window); } .edge { fill: var(--edge); }
        .dot { fill: var(--c); stroke: var(--paper); stroke-width: 1.8; paint-order: stroke; } .dot.small { stroke: none; } .dot.hollow { fill: var(--paper); stroke: var(--c); stroke-width: 1.6; paint-order: normal; }
        .bar { stroke: var(--c); stroke-width: 1.4; fill: none; } .inner { stroke: var(--c); stroke-width: 5; fill: none; opacity: .55; }
        .fill { fill: var(--c); }
        .trace { stroke: var(--ink); stroke-width: 1.1; fill: none; stroke-linejoin: round; stroke-linecap: round; opacity: .8; }
        .mean { stroke: var(--c); stroke-width: 2.4; fill: none; } .leader { stroke: var(--c); stroke-width: .9; fill: none; }
        svg text.value { fill: var(--c); }
        .limit { stroke: var(--c); stroke-width: 1.6; fill: none; } .interval { fill: var(--c); opacity: .16; } .faint { opacity: .45; }
        .lag { stroke: var(--ink); stroke-width: 1.4; fill: none; }
        @media screen { #summary-table td:nth-child(4), #summary-table td:nth-child(5), #bias-table td:nth-child(4), #bias-table td:nth-child(5) { min-width: 9.5rem; } }
        @media screen and (max-width: 640px) {
          body { padding: 1rem .9rem 2rem; font-size: 15px; }
          h1 { font-size: 1.6rem; }
          svg.wide { display: none; } figure > svg.narrow { display: block; }
          dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: .5rem; }
        }
        @media print {
          @page { margin: 16mm 14mm; }
          body { max-width: none; padding: 0; font-size: 10.5pt; }
          nav, .skip, details:not([open]) { display: none; }
          .scroll { overflow: visible; } table { font-size: 7pt; } th, td { padding-right: .3rem; } td.n { white-space: normal; }
          th[scope="row"], td { min-width: 0; } td { overflow-wrap: anywhere; }
          h2, h3, figcaption { break-after: avoid; } tr { break-inside: avoid; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """;
}
