"""The process that gets killed: saves numbered examinations and says each number once it is durable.

`python -m tests.faults.store_child FOLDER FIRST_NUMBER`; the numbers go to standard output, one a line, and
`failed` if it ends in any other way than by being killed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.clock import SystemClock
from app.domain.records import Draft, RecordKind
from app.store import vault
from tests.integration.store.making import HEAD, PASSWORD, exam, person


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def main() -> None:
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    store, _ = vault.unlock(folder, HEAD.username, PASSWORD, clock=SystemClock())
    say("ready")
    while True:
        if number % 7 == 0:
            with store.writing() as uow:
                # The number comes again if the kill falls between this save and the next one.
                uow.save(person(f"p{number}-{os.getpid()}", citizen_id=f"038185{number:06d}"))
                uow.commit()
        with store.writing() as uow:
            uow.drafts.put(
                Draft(
                    id="draft",
                    kind=RecordKind.EXAM,
                    record_id=f"e{number}",
                    person_id="p1",
                    base_revision=0,
                    answers={"number": number},
                    user_id=HEAD.id,
                )
            )
            uow.commit()
        with store.writing() as uow:
            uow.save(exam(f"e{number}", "p1", advice=f"lần thứ {number} " + "x" * (number % 3000)))
            uow.drafts.remove("draft")
            uow.commit()
        say(str(number))
        number += 1


if __name__ == "__main__":
    try:
        main()
    except BaseException as error:
        say(f"failed {type(error).__name__}")
        raise
