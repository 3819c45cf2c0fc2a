"""What the compiler knows about the public declarations, for update-api and build-reference."""

import json
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODULES = ["SeaThrift", "Resilience", "SeaThriftTesting", "SeaThriftWire", "SeaThriftSockets", "SeaThriftTime"]


def run(*command, **options):
    done = subprocess.run(command, cwd=ROOT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with status {done.returncode}")
    return done


def tool(name):
    """A program of the toolchain that `swift` belongs to."""
    swift = pathlib.Path(shutil.which("swift") or "swift").resolve()
    beside = swift.parent / name
    return str(beside) if beside.exists() else name


def build():
    """Builds what has changed, and answers where the modules are."""
    run("swift", "build", "--quiet")
    return pathlib.Path(run("swift", "build", "--show-bin-path", stdout=subprocess.PIPE).stdout.strip()) / "Modules"


def extract(module, modules, folder, *options):
    """Reads a built module: the symbol graphs of its own declarations, and of those it adds to other modules' types."""
    target = json.loads(run("swift", "-print-target-info", stdout=subprocess.PIPE).stdout)["target"]["triple"]
    run(
        tool("swift-symbolgraph-extract"), "-module-name", module, "-I", str(modules), "-I",
        "Sources/CSeaThriftSystem/include", "-target", target, "-minimum-access-level", "public",
        "-skip-synthesized-members", "-omit-extension-block-symbols", *options, "-output-dir", str(folder))
    paths = sorted(pathlib.Path(folder).glob(f"{module}*.symbols.json"))
    return [(path, json.loads(path.read_text())) for path in paths if path.name[len(module)] in ".@"]
