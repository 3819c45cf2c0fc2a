"""The register's methods. Thrift compilers before 0.23 do not know uuid, so this part is written by hand."""
from thrift.Thrift import TApplicationException, TMessageType, TType
from thrift.protocol.TBase import TBase

from plants.herbarium import Herbarium


class Ticket(TBase):
    __slots__ = ("id", "earlier", "holders", "refused", "successor")
    thrift_spec = (
        None,
        (1, TType.UUID, "id", None, None),
        (2, TType.LIST, "earlier", (TType.UUID, None, False), None),
        (3, TType.MAP, "holders", (TType.UUID, None, TType.STRING, "UTF8", False), None),
        (4, TType.SET, "refused", (TType.UUID, None, False), None),
        (5, TType.UUID, "successor", None, None),
    )

    def __init__(self, id=None, earlier=None, holders=None, refused=None, successor=None):
        self.id = id
        self.earlier = earlier
        self.holders = holders
        self.refused = refused
        self.successor = successor


class ValueArguments(TBase):
    """The arguments of a method with one parameter."""

    __slots__ = ("value",)

    def __init__(self, value=None):
        self.value = value


class ValueResult(TBase):
    """The result of a method that declares no exception."""

    __slots__ = ("success",)

    def __init__(self, success=None):
        self.success = success


class UUIDArguments(ValueArguments):
    thrift_spec = (None, (1, TType.UUID, "value", None, None))


class UUIDResult(ValueResult):
    thrift_spec = ((0, TType.UUID, "success", None, None),)


class TicketArguments(ValueArguments):
    thrift_spec = (None, (1, TType.STRUCT, "value", [Ticket, Ticket.thrift_spec], None))


class TicketResult(ValueResult):
    thrift_spec = ((0, TType.STRUCT, "success", [Ticket, Ticket.thrift_spec], None),)


METHODS = {"echoUUID": (UUIDArguments, UUIDResult), "echoTicket": (TicketArguments, TicketResult)}


class Processor(Herbarium.Processor):
    """Serves the herbarium and echoes the register's values."""

    def __init__(self, handler):
        super().__init__(handler)
        for name in METHODS:
            self._processMap[name] = self.echo(name)

    @staticmethod
    def echo(name):
        arguments_type, result_type = METHODS[name]

        def process(_, sequence_id, input, output):
            arguments = arguments_type()
            arguments.read(input)
            input.readMessageEnd()
            output.writeMessageBegin(name, TMessageType.REPLY, sequence_id)
            result_type(arguments.value).write(output)
            output.writeMessageEnd()
            output.trans.flush()

        return process


class Client(Herbarium.Client):
    def echoUUID(self, value):
        return self.call("echoUUID", value)

    def echoTicket(self, value):
        return self.call("echoTicket", value)

    def call(self, name, value):
        arguments_type, result_type = METHODS[name]
        self._oprot.writeMessageBegin(name, TMessageType.CALL, self._seqid)
        arguments_type(value).write(self._oprot)
        self._oprot.writeMessageEnd()
        self._oprot.trans.flush()
        _, kind, _ = self._iprot.readMessageBegin()
        if kind == TMessageType.EXCEPTION:
            error = TApplicationException()
            error.read(self._iprot)
            self._iprot.readMessageEnd()
            raise error
        result = result_type()
        result.read(self._iprot)
        self._iprot.readMessageEnd()
        return result.success
