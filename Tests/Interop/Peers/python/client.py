"""Calls every method of a herbarium and compares; exit status 0 when everything was right, 1 when not, 2 when it could
not run."""
import math
import struct
import sys
import traceback

from thrift.Thrift import TApplicationException
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol

import samples
import wire
from plants.archive import OtherArchive
from plants.archive.ttypes import LaterSheet, Origin, Scan
from plants.herbarium import Conservatory
from plants.herbarium.ttypes import (
    Branch, Drawers, Name, NotFound, Observation, Place, Rank, Specimen, Untouched, Withdrawn)

CHECKS = []
MEBIBYTE = 1 << 20


def check(body):
    CHECKS.append(body)
    return body


def same(found, wanted):
    if found != wanted:
        raise AssertionError("%.300r instead of %.300r" % (found, wanted))


def same_bits(found, wanted):
    same(struct.pack(">d", found), struct.pack(">d", wanted))


def raised(kind, body):
    try:
        found = body()
    except kind as error:
        return error
    raise AssertionError("%.300r instead of %s" % (found, kind.__name__))


@check
def void(herbarium, archive):
    same(herbarium.ping(), None)


@check
def bools(herbarium, archive):
    same(herbarium.echoBool(True), True)
    same(herbarium.echoBool(False), False)


@check
def integers(herbarium, archive):
    for echo, bits in [(herbarium.echoI8, 8), (herbarium.echoI16, 16), (herbarium.echoI32, 32),
                       (herbarium.echoI64, 64), (herbarium.echoInstant, 64)]:
        top = (1 << (bits - 1)) - 1
        for value in [0, 1, -1, 42, -42, top, -top, -top - 1]:
            same(echo(value), value)


@check
def doubles(herbarium, archive):
    for value in [0.0, -0.0, 1.0, -5.2098523, 1e307, -1e-292, 5e-324, math.pi, math.inf, -math.inf, 2.0 ** 53 - 1]:
        same_bits(herbarium.echoDouble(value), value)
    same(math.isnan(herbarium.echoDouble(math.nan)), True)


@check
def strings(herbarium, archive):
    for value in ["", "a", "\u00e9\u4e2d\U0001f30a", "zero \x00 inside", "\"quotes\" \\ / \t\r\n\x7f", samples.LABEL]:
        same(herbarium.echoString(value), value)


@check
def binaries(herbarium, archive):
    for value in [b"", b"\x00", bytes(range(256)), b"\xff\xfe\x80" * 1000]:
        same(herbarium.echoBinary(value), value)


@check
def a_mebibyte(herbarium, archive):
    text = ("sea thrift \u2013 " * MEBIBYTE)[:MEBIBYTE]
    same(herbarium.echoString(text), text)
    data = bytes(range(256)) * (MEBIBYTE // 256)
    same(herbarium.echoBinary(data), data)
    same(herbarium.grow("0123456789abcdef", MEBIBYTE // 16), "0123456789abcdef" * (MEBIBYTE // 16))


@check
def enums(herbarium, archive):
    for value in [Rank.FAMILY, Rank.GENUS, Rank.SPECIES, Rank.VARIETY, 77, -5]:
        same(herbarium.echoRank(value), value)


@check
def structs(herbarium, archive):
    sample = samples.specimen()
    same(herbarium.sample(), sample)
    same(herbarium.isSample(sample), True)
    same(herbarium.echoSpecimen(sample), sample)
    other = samples.specimen()
    other.habit.twigs[1].twigs[0].label = "broken"
    same(herbarium.isSample(other), False)


@check
def optional_fields(herbarium, archive):
    found = herbarium.echoSpecimen(samples.specimen())
    same((found.dried, found.width), (None, None))
    same((found.wasFlowering, found.remark, found.pollen), (False, "", b""))


@check
def defaults(herbarium, archive):
    found = herbarium.untouched()
    wanted = Untouched(zero=0, empty="")
    same(found, wanted)
    changed = Untouched(1, "la", [], {}, Rank.FAMILY, False, -0.5, Place(1.0, 2.0), 1, set(), 3, "x", "y")
    same(herbarium.echoUntouched(changed), changed)


@check
def unions(herbarium, archive):
    for value in [Observation(count=-(1 << 63)), Observation(note=""), Observation(name=Name("Armeria", "maritima")),
                  Observation(heights=[]), Observation(photo=b"\x00"), Observation(rank=Rank.VARIETY)]:
        same(herbarium.echoObservation(value), value)


@check
def recursion(herbarium, archive):
    branch = Branch("tip", [])
    for depth in range(20):
        branch = Branch(str(depth), [branch], branch if depth % 7 == 0 else None)
    same(herbarium.echoBranch(branch), branch)


@check
def containers(herbarium, archive):
    same(herbarium.echoList([]), [])
    same(herbarium.echoList(list(range(-5000, 5000))), list(range(-5000, 5000)))
    same(herbarium.echoSet({"", "a", "\u00e9"}), {"", "a", "\u00e9"})
    nested = {"": {}, "x": {"y": [], "z": [1, -2, 3]}}
    same(herbarium.echoMap(nested), nested)


@check
def nested_containers(herbarium, archive):
    name, other = Name("Armeria", "maritima"), Name("Armeria", "", Rank.GENUS)
    drawers = Drawers(
        rows=[[1, 2], [], [-3]], loans=[{1, -1}, set()], labels=[{}, {-7: "a", 8: ""}],
        paths={(1, 2), (), (3,)}, names={name, other}, ranks={Rank.FAMILY, Rank.VARIETY},
        indexes={"a": {"b": [1], "c": []}, "d": {}}, finds={name: [Place(1.0, -1.0)], other: []},
        seen={Rank.SPECIES: [Observation(count=1), Observation(note="n")]},
        votes={1 << 40: {True: {"yes"}, False: set()}, -1: {}},
        deep=[[[{1: Place(0.0, 0.0, "h")}, {}], []], []],
        flags=[True, False, True], bytes=[0, -128, 127], doubles=[0.1, -1e300], scans=[b"", b"\x80\x00"],
        rounded={0.5: 1, -1.5: -2})
    same(herbarium.echoDrawers(drawers), drawers)
    empty = Drawers([], [], [], set(), set(), set(), {}, {}, {}, {}, [], [], [], [], [], {})
    same(herbarium.echoDrawers(empty), empty)


@check
def several_arguments(herbarium, archive):
    found = herbarium.join(True, 1, -2, 3, -4, 0.5, "text", b"12345", Rank.SPECIES)
    same(found, "true 1 -2 3 -4 0.5 text 5 10")


@check
def declared_exceptions(herbarium, archive):
    same(herbarium.find(7).number, 7)
    error = raised(NotFound, lambda: herbarium.find(404))
    same((error.number, error.hint), (404, "look elsewhere"))
    error = raised(Withdrawn, lambda: herbarium.find(410))
    same((error.reason, error.origin), ("eaten by beetles", Origin.LOST))
    same(error.successor, Name("Armeria", "pungens"))
    same(herbarium.discard(1), None)
    error = raised(NotFound, lambda: herbarium.discard(404))
    same((error.number, error.hint), (404, "nothing to discard"))


@check
def undeclared_exceptions(herbarium, archive):
    for body in [lambda: herbarium.find(500), herbarium.fail]:
        error = raised(TApplicationException, body)
        same(error.type, TApplicationException.INTERNAL_ERROR)
        same("secret" in error.message, False)
    herbarium.ping()


@check
def missing_required_field(herbarium, archive):
    error = raised(TApplicationException, lambda: herbarium.echoSpecimen(Specimen(label="no number")))
    same(error.type, TApplicationException.PROTOCOL_ERROR)
    herbarium.ping()


@check
def oneway(herbarium, archive):
    note = "python %f" % id(herbarium)
    same(herbarium.jot(note), None)
    same(herbarium.notes(note), [note])


@check
def unknown_methods(herbarium, archive):
    plant = samples.specimen()
    plant.scan = samples.THUMBNAIL
    plant.observations = None
    error = raised(TApplicationException, lambda: herbarium.water(3, plant))
    same(error.type, TApplicationException.UNKNOWN_METHOD)
    error = raised(TApplicationException, lambda: archive.burn(3, LaterSheet(number=1)))
    same(error.type, TApplicationException.UNKNOWN_METHOD)
    herbarium.ventilate("north")
    herbarium.ping()


@check
def unknown_fields(herbarium, archive):
    later = LaterSheet(
        number=3, title="t", keywords=["k"], digitised=True, copies=1, room=2, cabinet=3, accession=4, width=5.0,
        thumbnail=b"6", origin=Origin.GIFT, scan=Scan("f", {1: ["a", "b"]}), scans=[Scan("g", {})], loans={1, 2},
        measures={"a": {1: [0.5]}}, curator="c", pages=[True, False])
    wanted = LaterSheet(number=3, title="t", keywords=["k"])
    same(archive.file(later, 9), wanted)


@check
def fields_of_a_later_version(herbarium, archive):
    found = archive.recall(12, "reader")
    same(found, samples.sheet(12))
    full = herbarium.recall(12)
    same((full.digitised, full.origin, full.scan.layers, full.pages),
         (True, Origin.BOUGHT, {1: ["red", "green"]}, [True, False, True]))
    same((full.measures, full.loans, full.thumbnail), ({"x": {3: [1.5, 2.5]}, "y": {}}, {1, -1}, samples.THUMBNAIL))


def uuids(register, archive):
    from uuid import UUID, uuid4
    from register import Ticket
    fixed = UUID("00112233-4455-6677-8899-aabbccddeeff")
    for value in [fixed, UUID(int=0), UUID(int=(1 << 128) - 1), uuid4()]:
        same(register.echoUUID(value), value)
    ticket = Ticket(uuid4(), [fixed, UUID(int=0)], {fixed: "Carl"}, {uuid4(), uuid4()})
    same(register.echoTicket(ticket), ticket)
    ticket.successor = uuid4()
    same(register.echoTicket(ticket), ticket)


def main():
    options = wire.arguments("--connect", "HOST:PORT, or unix:PATH")
    transport = wire.client_transport(options)
    protocol = wire.protocol_factory(options.protocol).getProtocol(transport)

    def service(name):
        return TMultiplexedProtocol(protocol, name) if options.multiplexed else protocol

    checks = list(CHECKS)
    transport.open()
    herbarium = Conservatory.Client(service("Herbarium"))
    archive = OtherArchive.Client(service("Archive"))
    failures = 0
    if options.uuid:
        import register
        checks.append(lambda herbarium, archive: uuids(register.Client(service("Register")), archive))
    for check in checks:
        try:
            check(herbarium, archive)
        except Exception as error:
            failures += 1
            where = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__]
            places = ", ".join(str(frame.lineno) for frame in where)
            print("FAIL %s (line %s): %s: %.600s" % (check.__name__, places, type(error).__name__, error), flush=True)
    transport.close()
    print("%d checks, %d failed" % (len(checks), failures), flush=True)
    return 1 if failures else 0


try:
    sys.exit(main())
except Exception as error:
    print("could not run: %s: %s" % (type(error).__name__, error), flush=True)
    sys.exit(2)
