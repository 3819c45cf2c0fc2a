/// Reads and parses files and all that they include, each file once.
struct DocumentLoader {
  let loader: any SourceLoader
  let includeDirectories: [String]
  let diagnostics: DiagnosticCollector

  private(set) var documents: [LoadedDocument] = []
  private var documentsByIdentity: [String: DocumentID] = [:]

  init(loader: any SourceLoader, includeDirectories: [String], diagnostics: DiagnosticCollector) {
    self.loader = loader
    self.includeDirectories = includeDirectories
    self.diagnostics = diagnostics
  }

  /// Reads the files that the user named, then what they include, and so on.
  mutating func load(_ paths: [String]) {
    for path in paths {
      do throws(SourceLoadingError) {
        if let source = try loader.load(path) {
          _ = add(source, path: path, isRoot: true)
        } else {
          diagnostics.error("no such file", path: path)
        }
      } catch {
        diagnostics.error("cannot be read: \(error.reason)", path: path)
      }
    }
    var index = 0
    while index < documents.count {
      resolveIncludes(of: index)
      index += 1
    }
    removeIncludeCycles()
    for index in documents.indices {
      documents[index].isIncomplete = diagnostics.hasErrors(in: documents[index].id)
    }
  }

  private mutating func add(_ loaded: LoadedSource, path: String, isRoot: Bool) -> DocumentID {
    if let known = documentsByIdentity[loaded.identity] { return known }
    let id = DocumentID(documents.count)
    documentsByIdentity[loaded.identity] = id
    let source = SourceText(path: path, bytes: loaded.bytes)
    diagnostics.add(source)
    let parsed = Parser.parse(source, document: id, diagnostics: diagnostics)
    documents.append(LoadedDocument(id: id, source: source, identity: loaded.identity, parsed: parsed, isRoot: isRoot))
    return id
  }

  private mutating func resolveIncludes(of index: Int) {
    let document = documents[index]
    for include in document.parsed.includes {
      guard let target = find(include, from: document) else { continue }
      documents[index].includes.append(Include(path: include.path, document: target, location: include.location))
    }
  }

  /// Looks for an included file in the folder of the including one, then in the include directories.
  private mutating func find(_ include: ParsedInclude, from document: LoadedDocument) -> DocumentID? {
    let shown = include.path.abbreviated.printable
    guard !include.path.isEmpty else {
      diagnostics.error("the path of the included file is empty", at: include.location)
      return nil
    }
    for directory in [FilePath.directory(of: document.source.path)] + includeDirectories {
      let path = FilePath.join(directory, include.path)
      do throws(SourceLoadingError) {
        if let source = try loader.load(path) { return add(source, path: path, isRoot: false) }
      } catch {
        diagnostics.error("included file '\(shown)' cannot be read: \(error.reason)", at: include.location)
        return nil
      }
      if include.path.hasPrefix("/") { break }
    }
    diagnostics.error("included file '\(shown)' not found", at: include.location)
    return nil
  }

  // MARK: Circles

  /// Reports each include that leads back to a file on the way to it, and forgets it.
  private mutating func removeIncludeCycles() {
    enum State { case unseen, entered, left }
    var states = [State](repeating: .unseen, count: documents.count)
    for root in documents.indices where states[root] == .unseen {
      var trail: [(document: Int, nextInclude: Int)] = [(root, 0)]
      states[root] = .entered
      while let (document, next) = trail.last {
        guard next < documents[document].includes.count else {
          states[document] = .left
          trail.removeLast()
          continue
        }
        let target = documents[document].includes[next].document.index
        if states[target] == .entered {
          reportCycle(from: target, trail: trail.map(\.document), include: documents[document].includes[next])
          documents[document].includes.remove(at: next)
          continue
        }
        trail[trail.count - 1].nextInclude += 1
        if states[target] == .unseen {
          states[target] = .entered
          trail.append((target, 0))
        }
      }
    }
  }

  private func reportCycle(from target: Int, trail: [Int], include: Include) {
    let circle = trail.drop { $0 != target } + [target]
    let names = circle.map { "'\(documents[$0].source.path)'" }
    let shown = names.count > 10 ? names.prefix(5) + ["…"] + names.suffix(4) : names[...]
    diagnostics.error("files include each other in a circle: \(shown.joined(separator: " → "))", at: include.location)
  }
}
