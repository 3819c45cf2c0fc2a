/// Collects lines of Swift and indents them.
struct SwiftPrinter {
  private(set) var text = ""
  private var indentation = ""

  /// Whether nothing was printed yet.
  var isEmpty: Bool { text.isEmpty }

  /// Appends a line, or several when the text has line breaks; each is indented.
  mutating func line(_ line: String) {
    for part in line.split(separator: "\n", omittingEmptySubsequences: false) {
      text += part.isEmpty ? "\n" : "\(indentation)\(part)\n"
    }
  }

  /// Appends an empty line.
  mutating func blank() {
    text += "\n"
  }

  /// Appends what `body` prints, one level deeper.
  mutating func indented(_ body: (inout SwiftPrinter) -> Void) {
    let outer = indentation
    indentation += "  "
    body(&self)
    indentation = outer
  }

  /// Appends a declaration or statement with braces.
  mutating func block(_ head: String, _ body: (inout SwiftPrinter) -> Void) {
    line(head + " {")
    indented(body)
    line("}")
  }

  /// Appends a call or a declaration with a list in parentheses: in one line, or one item per line if it is too long.
  mutating func list(_ head: String, _ items: [String], _ tail: String) {
    let short = head + items.joined(separator: ", ") + tail
    if items.isEmpty || indentation.count + short.count <= 118 && !short.contains("\n") {
      line(short)
    } else {
      line(head)
      indented { printer in
        for item in items.dropLast() { printer.line(item + ",") }
        printer.line(items[items.count - 1])
      }
      line(tail)
    }
  }
}
