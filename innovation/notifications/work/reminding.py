"""Messages of a manager who reminds somebody by name of what waits for him."""

from __future__ import annotations

from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.steering.events import PersonReminded


@on(PersonReminded, name="notifications.reminded")
def reminded(event: Event, delivery: Delivery) -> None:
    about = {"project_id": event.project_id} if event.project_id is not None else {"challenge_id": event.challenge_id}
    params = about | {"line_id": event.payload["line_id"], "what": event.payload["what"]}
    service.tell(event, "reminded", [event.payload["person_id"]], params)
