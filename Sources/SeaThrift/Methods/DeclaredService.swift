/// A service as its IDL declares it. Generated code conforms: `Inventory` for `service Inventory`.
public protocol DeclaredService {
  /// The service's name in the IDL.
  static var serviceName: String { get }
  /// Its methods, inherited ones included, by the names that policies know them by: `Service.method`, with the service that
  /// declares the method.
  static var methodNames: [String] { get }
}
