"""TensorBoard's reader on event files that Retort wrote.

    python3 read-events.py expected.json

expected.json holds [{"place": folder, "events": [{"wallTime", "step", "scalars": {tag: value}}]}], as Retort's own tests
read the files. Every scalar, step and wall time has to be what TensorBoard finds, and there must be no other. Last run
with Python 3.11, tensorboard 2.21.0, protobuf 7.36.2.
"""

import json
import sys

from tensorboard import version
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray


def values(accumulator, tag):
    """Old event files keep scalars as scalars, TensorBoard turns them into tensors on its way."""
    if tag in accumulator.Tags()["scalars"]:
        return [(event.step, event.wall_time, event.value) for event in accumulator.Scalars(tag)]
    return [(event.step, event.wall_time, make_ndarray(event.tensor_proto).item()) for event in accumulator.Tensors(tag)]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        runs = json.load(file)
    count = 0
    for run in runs:
        accumulator = EventAccumulator(run["place"]).Reload()
        expected = {}
        for event in run["events"]:
            for tag, value in event["scalars"].items():
                expected.setdefault(tag, []).append((event["step"], event["wallTime"], value))
        tags = accumulator.Tags()
        found = set(tags["scalars"]) | set(tags["tensors"])
        assert found == set(expected), (found, set(expected))
        for tag, events in expected.items():
            assert values(accumulator, tag) == events, (tag, values(accumulator, tag), events)
            count += len(events)
    print(f"tensorboard {version.VERSION}: {len(runs)} runs, {count} scalars, all equal")


main()
