// Whoever uses a runner names its time.
@_exported public import SeaThriftTime
