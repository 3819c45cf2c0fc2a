// One import gives users all of SeaThrift: generated code and policies name types of these modules.
@_exported public import Resilience
@_exported public import SeaThriftTime
@_exported public import SeaThriftWire

@_exported public import struct SeaThriftSockets.Network
@_exported public import struct SeaThriftSockets.NetworkError
