/// A table of numbers, printed as text and drawn as horizontal bars.
struct Plot {
  let name: String
  let title: String
  let columns: [String]
  /// The column that the bars show.
  let bar: Int
  var rows: [(label: String, values: [Double])] = []

  init(_ name: String, _ title: String, columns: [String], bar: Int) {
    self.name = name
    self.title = title
    self.columns = columns
    self.bar = bar
  }

  var text: String {
    var lines = [title, "", "| | " + columns.joined(separator: " | ") + " |"]
    lines.append("|---|" + columns.map { _ in "---|" }.joined())
    for row in rows {
      lines.append("| \(row.label) | " + row.values.map(Self.number).joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  var svg: String {
    let height = 60 + rows.count * 28
    let most = max(rows.map { $0.values[bar] }.max() ?? 1, 1e-9)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"\(height)\" font-family=\"sans-serif\">",
      "<rect width=\"720\" height=\"\(height)\" fill=\"#ffffff\"/>",
      "<text x=\"12\" y=\"22\" font-size=\"15\" font-weight=\"bold\">\(title)</text>",
      "<text x=\"12\" y=\"42\" font-size=\"12\" fill=\"#666666\">\(columns[bar])</text>",
    ]
    for (index, row) in rows.enumerated() {
      let y = 52 + index * 28
      let width = Int(380 * row.values[bar] / most)
      lines.append("<text x=\"12\" y=\"\(y + 16)\" font-size=\"13\">\(row.label)</text>")
      lines.append("<rect x=\"240\" y=\"\(y)\" width=\"\(width)\" height=\"20\" fill=\"#3b7ea1\"/>")
      lines.append(
        "<text x=\"\(248 + width)\" y=\"\(y + 15)\" font-size=\"12\">\(Self.number(row.values[bar]))</text>")
    }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private static func number(_ value: Double) -> String {
    let scaled = (value * 100).rounded() / 100
    return scaled == scaled.rounded() ? "\(Int(scaled))" : "\(scaled)"
  }
}
