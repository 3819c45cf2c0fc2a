"""The values that all programs know."""
from plants.archive.ttypes import Origin, Sheet
from plants.herbarium.ttypes import Branch, Name, Observation, Place, Rank, Specimen

# Apache's library for Python takes unknown binary fields for text and fails when they are not UTF-8.
THUMBNAIL = b"\x00\x01\x7f"
LABEL = "Armeria maritima \u2013 Strandnelke \U0001f30a"


def specimen():
    return Specimen(
        number=1753, flowering=True, petals=5, leaves=-300, collected=1700000000123, height=0.125, label=LABEL,
        scan=bytes(range(256)), rank=Rank.SPECIES, name=Name("Armeria", "maritima"),
        observation=Observation(heights=[0.1, -2.5]),
        places=[Place(54.4, 10.2, "cliff"), Place(-33.9, 18.4)], tags={"coast", "salt"},
        counts={"seen": 9007199254740993, "kept": -1}, origin=Origin.GIFT,
        wasFlowering=False, pistils=1, stamens=5, predecessor=-1752, remark="", pollen=b"",
        synonym=Name("Statice", "armeria", Rank.VARIETY),
        observations=[
            Observation(count=3), Observation(name=Name("Armeria", "maritima")), Observation(photo=b"\xff\x00")],
        habit=Branch(
            "base", [Branch("left", []), Branch("right", [Branch("tip", [])])], Branch("top", [])),
        guard="none")


def sheet(number):
    return Sheet(number, "sheet %d" % number, None, ["dry", "flat"])
