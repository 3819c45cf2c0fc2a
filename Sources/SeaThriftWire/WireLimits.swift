/// What a peer may send, and what may be sent, before it is refused. All limits are on by default.
///
/// Sizes that a peer announces are also checked against the bytes that are really there, before anything is reserved.
public struct WireLimits: Hashable, Sendable, Codable {
  /// The largest message, in bytes, envelope included. Default 104,857,600 (100 MiB).
  public var maxMessageBytes: Int
  /// The largest frame, in bytes, without its length. Default 16,384,000.
  public var maxFrameBytes: Int
  /// The longest string, binary or method name, in bytes. Default: what a message may hold.
  public var maxStringBytes: Int
  /// The largest number of elements in a list or set, or entries in a map. Default 2,147,483,647.
  public var maxContainerElements: Int
  /// How deep structs may be nested in structs; in values that are stepped over, containers count too. Default 64.
  public var maxDepth: Int
  /// The largest head of a message, in bytes: that of HTTP, or the header of a header frame. Default 65,536.
  public var maxHeaderBytes: Int
  /// The largest number of key-value headers of a message. Default 256.
  public var maxHeaders: Int

  /// Creates limits; every default is the one that the reference implementation uses.
  public init(
    maxMessageBytes: Int = 104_857_600,
    maxFrameBytes: Int = 16_384_000,
    maxStringBytes: Int? = nil,
    maxContainerElements: Int = Int(Int32.max),
    maxDepth: Int = 64,
    maxHeaderBytes: Int = 65_536,
    maxHeaders: Int = 256
  ) {
    self.maxMessageBytes = maxMessageBytes
    self.maxFrameBytes = maxFrameBytes
    self.maxStringBytes = maxStringBytes ?? maxMessageBytes
    self.maxContainerElements = maxContainerElements
    self.maxDepth = maxDepth
    self.maxHeaderBytes = maxHeaderBytes
    self.maxHeaders = maxHeaders
  }

  /// Reads limits; those that are not there have their defaults.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let defaults = Self()
    maxMessageBytes = try values.decodeIfPresent(Int.self, forKey: .maxMessageBytes) ?? defaults.maxMessageBytes
    maxFrameBytes = try values.decodeIfPresent(Int.self, forKey: .maxFrameBytes) ?? defaults.maxFrameBytes
    maxStringBytes = try values.decodeIfPresent(Int.self, forKey: .maxStringBytes) ?? maxMessageBytes
    maxContainerElements =
      try values.decodeIfPresent(Int.self, forKey: .maxContainerElements) ?? defaults.maxContainerElements
    maxDepth = try values.decodeIfPresent(Int.self, forKey: .maxDepth) ?? defaults.maxDepth
    maxHeaderBytes = try values.decodeIfPresent(Int.self, forKey: .maxHeaderBytes) ?? defaults.maxHeaderBytes
    maxHeaders = try values.decodeIfPresent(Int.self, forKey: .maxHeaders) ?? defaults.maxHeaders
  }

  /// The limits that hold when nothing else is said.
  public static let `default` = Self()
}
