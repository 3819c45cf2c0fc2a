import CrossTestIDL
import SeaThrift

/// Reads lines `STRUCT FROM TO HEX`, and answers each with `ok HEX`, the same value in the other protocol, or
/// `error WHY`. No bytes are a dash.
@main
enum Transcoder {
  private static let types: [any ThriftStruct.Type] = [
    Vectors.Empty.self, Vectors.OneBool.self, Vectors.OneI8.self, Vectors.OneI16.self, Vectors.OneI32.self,
    Vectors.OneI64.self, Vectors.OneDouble.self, Vectors.OneString.self, Vectors.OneBinary.self, Vectors.OneEnum.self,
    Vectors.OneTypedef.self, Vectors.Bools.self, Vectors.Mixed.self, Vectors.FieldIds.self, Vectors.OutOfOrder.self,
    Vectors.ImplicitIds.self, Vectors.ListBool.self, Vectors.ListI8.self, Vectors.ListI16.self, Vectors.ListI32.self,
    Vectors.ListI64.self, Vectors.ListDouble.self, Vectors.ListString.self, Vectors.ListBinary.self,
    Vectors.ListEnum.self, Vectors.ListEmpty.self, Vectors.ListMixed.self, Vectors.ListList.self,
    Vectors.ListListList.self, Vectors.ListMap.self, Vectors.ListSet.self, Vectors.SetI32.self, Vectors.SetI64.self,
    Vectors.SetString.self, Vectors.SetBool.self, Vectors.SetEnum.self, Vectors.MapI32String.self,
    Vectors.MapStringI64.self, Vectors.MapBoolBool.self, Vectors.MapI8Double.self, Vectors.MapI16Binary.self,
    Vectors.MapI64Bool.self, Vectors.MapEnumString.self, Vectors.MapStringList.self, Vectors.MapStringMap.self,
    Vectors.MapStringSet.self, Vectors.Key.self, Vectors.MapStructI32.self, Vectors.SetStruct.self,
    Vectors.MapStringMixed.self, Vectors.Optionals.self, Vectors.Requireds.self, Vectors.Defaults.self,
    Vectors.Choice.self, Vectors.HasChoice.self, Vectors.Oops.self, Vectors.Tree.self, Vectors.Nest5.self,
    Vectors.Nest4.self, Vectors.Nest3.self, Vectors.Nest2.self, Vectors.Nest1.self, Vectors.Old.self,
    Vectors.New.self, VectorsUUID.OneUuid.self, VectorsUUID.ListUuid.self, VectorsUUID.SetUuid.self,
    VectorsUUID.MapUuidString.self, VectorsUUID.MapI32Uuid.self, VectorsUUID.AroundUuid.self,
    VectorsUUID.UuidChoice.self, VectorsUUID.OldUuid.self,
  ]

  private struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  static func main() {
    let types = Dictionary(Self.types.map { ($0.thriftName, $0) }) { first, _ in first }
    while let line = readLine() {
      do {
        let bytes = try answer(line.split(separator: " "), types)
        say("ok \(bytes.isEmpty ? "-" : hex(bytes))")
      } catch {
        say("error \("\(error)".replacing("\n", with: " "))")
      }
    }
  }

  private static func answer(_ words: [Substring], _ types: [String: any ThriftStruct.Type]) throws -> [UInt8] {
    guard words.count == 4 else { throw Refusal(description: "a line is STRUCT FROM TO HEX") }
    guard let type = types[String(words[0])] else { throw Refusal(description: "there is no struct \(words[0])") }
    return try transcode(type, bytes(words[3]), from: format(words[1]), to: format(words[2]))
  }

  private static func transcode<Value: ThriftStruct>(
    _ type: Value.Type, _ bytes: [UInt8], from: ThriftFormat, to: ThriftFormat
  ) throws -> [UInt8] {
    try Value(thriftBytes: bytes, from).thriftBytes(to)
  }

  private static func format(_ name: Substring) throws -> ThriftFormat {
    guard let format = ThriftFormat.allCases.first(where: { "\($0)" == name }) else {
      throw Refusal(description: "there is no protocol \(name)")
    }
    return format
  }

  private static func bytes(_ hex: Substring) throws -> [UInt8] {
    if hex == "-" { return [] }
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { throw Refusal(description: "no bytes") }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
