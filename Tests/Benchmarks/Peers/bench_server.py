"""bench_server.py thrift FOLDER PORT | thriftpy2 IDL PORT: serves Bench with a Python library, framed and binary, one thread
for each connection. FOLDER is where `thrift --gen py` has put its output, IDL the file itself."""
import sys


class Handler:
    def ping(self):
        pass

    def add(self, a, b):
        return a + b

    def echo(self, p):
        return p


def apache(folder, port):
    sys.path.insert(0, folder)
    from Bench import Bench
    from thrift.protocol.TBinaryProtocol import TBinaryProtocolAcceleratedFactory
    from thrift.server.TServer import TThreadedServer
    from thrift.transport import TSocket, TTransport
    return TThreadedServer(
        Bench.Processor(Handler()), TSocket.TServerSocket('127.0.0.1', port), TTransport.TFramedTransportFactory(),
        TBinaryProtocolAcceleratedFactory())


def thriftpy2(idl, port):
    import thriftpy2
    from thriftpy2.protocol import TCyBinaryProtocolFactory
    from thriftpy2.rpc import make_server
    from thriftpy2.transport import TCyFramedTransportFactory
    return make_server(
        thriftpy2.load(idl, module_name='bench_thrift').Bench, Handler(), '127.0.0.1', port,
        proto_factory=TCyBinaryProtocolFactory(), trans_factory=TCyFramedTransportFactory())


library = {'thrift': apache, 'thriftpy2': thriftpy2}[sys.argv[1]]
library(sys.argv[2], int(sys.argv[3])).serve()
