"""What server and client share: flags, addresses, protocols."""
import argparse

from thrift.protocol import TBinaryProtocol, TCompactProtocol, THeaderProtocol, TJSONProtocol
from thrift.transport import THttpClient, TSocket, TTransport


def arguments(address_flag, address_help):
    parser = argparse.ArgumentParser()
    parser.add_argument(address_flag, dest="address", required=True, help=address_help)
    parser.add_argument("--transport", choices=["framed", "buffered", "http"], required=True)
    parser.add_argument(
        "--protocol", choices=["binary", "accelerated", "old", "compact", "json", "header"], default="binary")
    parser.add_argument("--multiplexed", action="store_true")
    parser.add_argument("--uuid", action="store_true", help="the register's methods as well")
    return parser.parse_args()


def transport_factory(name):
    return TTransport.TFramedTransportFactory() if name == "framed" else TTransport.TBufferedTransportFactory()


def protocol_factory(name):
    if name == "compact":
        return TCompactProtocol.TCompactProtocolFactory()
    if name == "json":
        return TJSONProtocol.TJSONProtocolFactory()
    if name == "header":
        return THeaderProtocol.THeaderProtocolFactory()
    if name == "accelerated":
        return TBinaryProtocol.TBinaryProtocolAcceleratedFactory(fallback=False)
    if name == "old":
        return TBinaryProtocol.TBinaryProtocolFactory(strictRead=False, strictWrite=False)
    return TBinaryProtocol.TBinaryProtocolFactory(strictRead=True, strictWrite=True)


def client_socket(address):
    if address.startswith("unix:"):
        return TSocket.TSocket(unix_socket=address[len("unix:"):])
    host, port = address.rsplit(":", 1)
    return TSocket.TSocket(host.strip("[]"), int(port))


def client_transport(options):
    if options.transport == "http":
        return THttpClient.THttpClient("http://%s/herbarium" % options.address)
    socket = client_socket(options.address)
    socket.setTimeout(10000)
    return transport_factory(options.transport).getTransport(socket)


def server_socket(address):
    if address.startswith("unix:"):
        return TSocket.TServerSocket(unix_socket=address[len("unix:"):])
    return TSocket.TServerSocket(address, 0)
