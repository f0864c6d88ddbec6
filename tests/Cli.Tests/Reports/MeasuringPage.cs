using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>What the browser found in one document at one width.</summary>
/// <param name="Name">The document.</param>
/// <param name="Width">CSS pixels.</param>
/// <param name="Texts">Labels that were measured.</param>
/// <param name="Overlaps">Pairs of labels that cover each other.</param>
/// <param name="Outside">Labels that leave their drawing.</param>
/// <param name="Overflow">CSS pixels that the page is too wide.</param>
/// <param name="Cut">Tables wider than the place that they have.</param>
/// <param name="Unseen">Figures without a visible drawing.</param>
internal sealed record MeasuredPage(
    string Name, int Width, int Texts, IReadOnlyList<string> Overlaps, IReadOnlyList<string> Outside, double Overflow, IReadOnlyList<string> Cut, IReadOnlyList<string> Unseen);

/// <summary>A page that opens documents in frames of given widths, with every detail unfolded, and writes down what it measures there.</summary>
internal static partial class MeasuringPage
{
    private const string Script = """
        addEventListener('load', () => {
          const pages = [];
          for (const frame of document.querySelectorAll('iframe')) {
            const page = { Name: frame.title, Width: frame.clientWidth, Texts: 0, Overlaps: [], Outside: [], Overflow: 0, Cut: [], Unseen: [] };
            const inner = frame.contentDocument;
            for (const details of inner.querySelectorAll('details')) details.open = true;
            page.Overflow = inner.documentElement.scrollWidth - inner.documentElement.clientWidth;
            for (const scroll of inner.querySelectorAll('.scroll'))
              if (scroll.scrollWidth > scroll.clientWidth + 1) page.Cut.push(scroll.querySelector('table').id + ' by ' + (scroll.scrollWidth - scroll.clientWidth));
            for (const figure of inner.querySelectorAll('figure')) {
              const drawings = [...figure.querySelectorAll('svg[role=img]')].filter(svg => svg.getClientRects().length > 0);
              if (drawings.length === 0) page.Unseen.push(figure.id);
              for (const svg of drawings) {
                const frame = svg.getBoundingClientRect();
                const texts = [...svg.querySelectorAll('text')].map(text => ({ text: text.textContent, box: text.getBoundingClientRect() })).filter(one => one.box.width > 0);
                page.Texts += texts.length;
                texts.sort((a, b) => a.box.top - b.box.top);
                for (let i = 0; i < texts.length; i++) {
                  const a = texts[i].box;
                  if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1)
                    page.Outside.push(figure.id + ': ' + texts[i].text);
                  // A line's box is taller than its letters by a fifth above and below.
                  for (let j = i + 1; j < texts.length && texts[j].box.top < a.bottom; j++) {
                    const b = texts[j].box, slack = 0.2 * Math.min(a.height, b.height);
                    if (a.left < b.right - 1 && b.left < a.right - 1 && b.top < a.bottom - slack)
                      page.Overlaps.push(figure.id + ': ' + texts[i].text + ' | ' + texts[j].text);
                  }
                }
              }
            }
            pages.push(page);
          }
          document.body.innerHTML = '';
          const result = document.createElement('pre');
          result.id = 'result';
          result.textContent = JSON.stringify(pages);
          document.body.append(result);
        });
        """;

    public static string Of(Dictionary<string, string> documents, params int[] widths)
    {
        var page = new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><script>").Append(Script).Append("</script>");
        foreach (var (name, html) in documents)
        {
            foreach (var width in widths)
            {
                page.Append(System.Globalization.CultureInfo.InvariantCulture, $"<iframe title=\"{name}\" style=\"border:0;width:{width}px;height:900px\" srcdoc=\"")
                    .Append(html.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)).Append("\"></iframe>");
            }
        }

        return page.Append("</body></html>").ToString();
    }

    public static IReadOnlyList<MeasuredPage> Read(string dom)
    {
        var result = Result().Match(dom);
        Assert.True(result.Success, "the measuring page came to no result");
        return JsonSerializer.Deserialize<List<MeasuredPage>>(WebUtility.HtmlDecode(result.Groups[1].Value))!;
    }

    [GeneratedRegex("<pre id=\"result\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Result();
}
