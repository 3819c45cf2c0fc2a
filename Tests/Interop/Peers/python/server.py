"""A herbarium on Apache Thrift for Python: prints `listening PORT` or `listening PATH`, and ends when its standard input
is closed."""
import logging
import os
import sys
import threading
import time

from thrift.TMultiplexedProcessor import TMultiplexedProcessor
from thrift.server import THttpServer, TServer

import samples
import wire
from plants.archive import Archive
from plants.archive.ttypes import LaterSheet, Origin, Scan
from plants.herbarium import Herbarium
from plants.herbarium.ttypes import NotFound, Name, Specimen, Untouched, Withdrawn


class Handler:
    def __init__(self):
        self.jotted = []
        self.lock = threading.Lock()

    def __getattr__(self, name):
        if name.startswith("echo"):
            return lambda value: value
        raise AttributeError(name)

    def ping(self):
        pass

    def file(self, sheet):
        return sheet

    def recall(self, number):
        plain = samples.sheet(number)
        return LaterSheet(
            number=number, title=plain.title, keywords=plain.keywords, digitised=True, copies=-8, room=-1600,
            cabinet=320000, accession=1 << 40, width=21.0, thumbnail=samples.THUMBNAIL, origin=Origin.BOUGHT,
            scan=Scan("a", {1: ["red", "green"]}), scans=[Scan("b", {}), Scan("c", {-1: []})], loans={1, -1},
            measures={"x": {3: [1.5, 2.5]}, "y": {}}, curator="Carl", pages=[True, False, True])

    def sample(self):
        return samples.specimen()

    def isSample(self, value):
        return value == samples.specimen()

    def untouched(self):
        return Untouched()

    def join(self, sure, tiny, small, plain, large, real, text, bytes, rank):
        return " ".join(str(x) for x in [str(sure).lower(), tiny, small, plain, large, real, text, len(bytes), rank])

    def grow(self, seed, times):
        return seed * times

    def find(self, number):
        if number == 204:
            return Specimen()
        if number == 404:
            raise NotFound(number, "look elsewhere")
        if number == 410:
            raise Withdrawn("eaten by beetles", Origin.LOST, Name("Armeria", "pungens"))
        if number == 500:
            raise RuntimeError("secret")
        found = samples.specimen()
        found.number = number
        return found

    def discard(self, number):
        if number == 404:
            raise NotFound(number, "nothing to discard")

    def fail(self):
        raise RuntimeError("secret")

    def jot(self, note):
        with self.lock:
            self.jotted.append(note)

    def notes(self, prefix):
        # A note is sent without waiting for it, perhaps over another connection: it may come a little later.
        for _ in range(100):
            with self.lock:
                found = [note for note in self.jotted if note.startswith(prefix)]
            if found:
                return found
            time.sleep(0.02)
        return []


class QuietHttpServer(THttpServer.THttpServer):
    """Prints no line for each request. It serves one connection at a time, each for one request: with threads the
    library confuses which of two requests at one time it has answered."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.httpd.RequestHandlerClass.log_message = lambda *words: None


def announce(socket, address):
    """Makes `listen` tell where."""
    listen = socket.listen

    def listen_and_tell():
        listen()
        name = socket.handle.getsockname()
        print("listening", name if isinstance(name, str) else name[1], flush=True)

    socket.listen = listen_and_tell


def end_with_input():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def main():
    options = wire.arguments("--listen", "a host, or unix:PATH")
    logging.basicConfig(level=logging.CRITICAL)
    handler = Handler()
    if options.uuid:
        import register
        processor = register.Processor(handler)
    else:
        processor = Herbarium.Processor(handler)
    if options.multiplexed:
        multiplexed = TMultiplexedProcessor()
        multiplexed.registerProcessor("Herbarium", processor)
        multiplexed.registerProcessor("Archive", Archive.Processor(handler))
        processor = multiplexed
    if options.transport == "http":
        threading.Thread(target=end_with_input, daemon=True).start()
        server = QuietHttpServer(processor, (options.address, 0), wire.protocol_factory(options.protocol))
        print("listening", server.httpd.server_address[1], flush=True)
        server.serve()
    socket = wire.server_socket(options.address)
    announce(socket, options.address)
    threading.Thread(target=end_with_input, daemon=True).start()
    server = TServer.TThreadedServer(
        processor, socket, wire.transport_factory(options.transport), wire.protocol_factory(options.protocol),
        daemon=True)
    server.serve()


main()
