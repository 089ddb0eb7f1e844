"""Faults: processes killed, Redis emptied, mail servers that fail. Every test proves that its own fault happened.

Where a wall can be taken away while the product stays as it is, a test does so and shows the harm: the sweeper
(``test_redis_lost``), the unique keys of runs and projects (``test_walls``). What can only be taken away by changing the
product was tried by hand, on a copy; each turned tests red:

* a delivery that reaches outside marked done before it is carried out: all of ``test_killed_worker``;
* claims that do not look at the lease: ``test_many_at_once``, on both databases;
* an announcement committed project by project: ``test_killed_worker``, at the second project;
* a Message-ID of its own for each attempt: ``test_failing_mail_server``;
* RQ's own loop, which waits for Redis up to a minute at a time: ``test_work_goes_on…`` and ``test_worker_stops…``.
"""

import pytest

pytest.register_assert_rewrite("tests.faults.crew", "tests.faults.postbox")
