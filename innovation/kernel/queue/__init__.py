"""Carrying out what facts caused, and what the clock says is due.

The database's delivery rows decide; Redis only wakes workers up. A job that Redis loses is poked again by the sweeper,
a worker that dies leaves a lease that runs out, and a delivery that fails comes back later and later, until after
eight attempts it waits on the operators' page.
"""

from innovation.kernel.queue.deliveries import ATTEMPTS, LEASE, backoff, deliver, due, renew, retry_failed
from innovation.kernel.queue.pokes import QUEUE, connect, drain, poke, settle, sweep
from innovation.kernel.queue.regular import ClockTick, Regular, every, regulars, run_clock, tick
from innovation.kernel.queue.worker import run_worker

__all__ = [
    "ATTEMPTS",
    "LEASE",
    "QUEUE",
    "ClockTick",
    "Regular",
    "backoff",
    "connect",
    "deliver",
    "drain",
    "due",
    "every",
    "poke",
    "regulars",
    "renew",
    "retry_failed",
    "run_clock",
    "run_worker",
    "settle",
    "sweep",
    "tick",
]
