"""Many requests to `explore` together: `python -m benchmarks.exploring MODEL NEW.csv`."""

import argparse
import asyncio
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np

PATHS = "api/overview", "api/cases/{row}", "predict?format=csv"


def resident(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("utf-8"))
    assert found is not None
    return int(found.group(1)) / 1024


async def ask(client: httpx.AsyncClient, content: bytes, number: int, n_cases: int) -> float:
    """Send one request, a case, a file and the overview in turn; return its seconds."""
    path = PATHS[number % len(PATHS)].format(row=number % n_cases)
    start = time.perf_counter()
    if path.startswith("predict"):
        headers = {"content-type": "application/octet-stream"}
        answer = await client.post(path, content=content, headers=headers)
    else:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - start


async def load(address: str, content: bytes, seconds: float, at_a_time: int) -> list[float]:
    """Send requests, so many at a time, for so long; return the seconds of each."""
    limits = httpx.Limits(max_connections=at_a_time)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, trust_env=False) as client:
        n_cases = len((await client.get("api/overview")).json()["labels"])
        end, took = time.perf_counter() + seconds, []

        async def go_on(number: int) -> None:
            while time.perf_counter() < end:
                took.append(await ask(client, content, number, n_cases))
                number += at_a_time

        await asyncio.gather(*(go_on(number) for number in range(at_a_time)))
    return took


def main() -> None:
    """Print requests, percentiles and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("new", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--at-a-time", type=int, default=50)
    given = parser.parse_args()
    program = (sys.executable, "-m", "skknn_syndrome", "explore", given.model)
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own program
        assert server.stdout is not None
        address = None
        while address is None:
            address = re.search(r"http://\S+", server.stdout.readline())
        content = given.new.read_bytes()
        asyncio.run(load(address.group(), content, given.seconds / 6, given.at_a_time))
        warm = resident(server.pid)
        took = asyncio.run(load(address.group(), content, given.seconds, given.at_a_time))
        end = resident(server.pid)
        server.terminate()
    middle, high = (1000 * float(q) for q in np.quantile(took, [0.5, 0.95]))
    print(f"{len(took):,} requests, {given.at_a_time} at a time: median {middle:.0f} ms, p95 {high:.0f} ms")
    print(f"resident {warm:.0f} MiB after warming up, {end:.0f} MiB at the end ({end / warm - 1:+.1%})")


if __name__ == "__main__":
    main()
