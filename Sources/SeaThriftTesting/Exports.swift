// One import gives a test all it needs: the world, the values that describe it, and SeaThrift itself.
@_exported public import SeaThrift

@_exported public import struct SeaThriftSockets.Latency
@_exported public import struct SeaThriftSockets.LinkProfile
@_exported public import struct SeaThriftSockets.SimulationLimits
