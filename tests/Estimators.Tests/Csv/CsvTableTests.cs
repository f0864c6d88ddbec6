using System.Text;

using CsCheck;

using MeterLab.Estimators.Csv;

namespace MeterLab.Estimators.Tests.Csv;

public sealed class CsvTableTests
{
    [Fact]
    public void Quoted_fields_keep_commas_line_ends_and_quotes()
    {
        var table = CsvTable.Parse("a,b\n\"1,\"\"x\"\"\",\"two\nlines\"\n")!;

        Assert.Equal(["1,\"x\"", "two\nlines"], table.Rows[0].Fields);
        Assert.Null(table.Rows[0].Defect);
    }

    [Fact]
    public void Rows_keep_the_number_of_fields_they_have()
    {
        var table = CsvTable.Parse("a,b,c\n1,2\n1,2,3,4\n,,\n")!;

        Assert.Equal([2, 4, 3], table.Rows.Select(row => row.Fields.Count));
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n3,4\r\n")]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r1,2\r3,4\r")]
    [InlineData("\uFEFFa,b\n\n1,2\n\n3,4\n")]
    public void Every_line_end_and_a_byte_order_mark_are_read(string text)
    {
        var table = CsvTable.Parse(Encoding.UTF8.GetBytes(text))!;

        Assert.Equal(["a", "b"], table.Header);
        Assert.Equal([["1", "2"], ["3", "4"]], table.Rows.Select(row => row.Fields));
        Assert.All(table.Rows, row => Assert.True(row.Ended));
    }

    [Fact]
    public void Rows_know_their_lines_even_behind_a_field_of_two_lines()
    {
        var table = CsvTable.Parse("a\n\"x\ny\"\nz\n")!;

        Assert.Equal([2, 4], table.Rows.Select(row => row.Line));
    }

    [Theory]
    [InlineData("a,b\n1,\"2", "a quoted field that never ends")]
    [InlineData("a,b\n1,\"2\"3\n", "text behind the closing quote of a field")]
    [InlineData("a,b\n1,2\"3\n", "a quote inside an unquoted field")]
    public void What_is_not_RFC_4180_is_named(string text, string defect) =>
        Assert.Equal(defect, CsvTable.Parse(text)!.Rows[0].Defect);

    [Fact]
    public void A_last_row_without_a_line_end_is_marked()
    {
        var table = CsvTable.Parse("a,b\n1,2\n3,4")!;

        Assert.True(table.Rows[0].Ended);
        Assert.False(table.Rows[1].Ended);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void An_empty_file_is_no_table(string text) => Assert.Null(CsvTable.Parse(text));

    [Fact]
    public void A_column_that_stands_twice_is_a_defect_of_the_header() =>
        Assert.Contains("'b' stands twice", CsvTable.Parse("a,b,b\n1,2,3\n")!.HeaderDefect, StringComparison.Ordinal);

    [Fact]
    public void What_was_quoted_by_the_rule_reads_back_unchanged() =>
        Gen.String[Gen.Char["ab,\"\n\r "], 0, 8].Array[2, 5].Array[1, 4].Sample(rows =>
        {
            var width = rows[0].Length;
            var square = rows.Select(row => row.Take(width).Concat(Enumerable.Repeat("", Math.Max(0, width - row.Length))).ToArray()).ToArray();
            var text = new StringBuilder("h1,h2\n");
            foreach (var row in square)
                text.AppendJoin(',', row.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');

            var table = CsvTable.Parse(text.ToString())!;

            Assert.Equal(square, table.Rows.Select(row => row.Fields.ToArray()));
        });
}
