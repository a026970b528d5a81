"""The channel to a QĐ 831 portal over transport B (interop §5.1): token, then one XML message per request."""

from __future__ import annotations

import json

from app.domain.outbox import Claim
from app.domain.station import ChannelSettings, Station
from forms.model import FormDefinition
from sync.channels.base import ChannelFactory
from sync.channels.http import HttpLink, Timeouts
from sync.channels.qd831 import answers, mapping, message
from sync.outcome import AuthNeeded, LoginOutcome, Message, Outcome

LOGIN_PATH = "/api/xac-thuc/token"
SEND_PATH = "/api/ho-so-suc-khoe/qd-831-2017/tiep-nhan"
_JSON = "application/json; charset=utf-8"
_XML = "application/xml; charset=utf-8"


class Qd831Channel:
    """See `sync.channels.base.Channel`. Holds the password and the token in memory only."""

    def __init__(
        self,
        *,
        settings: ChannelSettings,
        password: str,
        station: Station,
        form: FormDefinition,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._user = settings.user
        self._password = password
        self._station = station
        self._form = form
        self._tags = mapping.fields_by_tag(form)
        self._link = HttpLink(settings.url, timeouts or Timeouts())
        self._token = ""

    def login(self) -> LoginOutcome:
        credentials = {"username": self._user, "password": self._password}
        body = json.dumps(credentials, ensure_ascii=False).encode()
        outcome, self._token = answers.login_outcome(self._link.post(LOGIN_PATH, body, _JSON))
        return outcome

    def build(self, claim: Claim) -> Message:
        return message.build(claim, self._station, self._form)

    def fits(self, message: Message) -> bool:
        return mapping.sender_tag(self._station.code).encode() in message.body

    def send(self, message: Message) -> Outcome:
        reply = self._link.post(SEND_PATH, message.body, _XML, token=self._token)
        outcome = answers.send_outcome(reply, message.request_id, self._label)
        if isinstance(outcome, AuthNeeded):
            self._token = ""
        return outcome if self.fits(message) else answers.for_former_station(outcome)

    def close(self) -> None:
        self._link.close()

    def _label(self, tag: str) -> tuple[str, str]:
        field_id = self._tags.get(tag.rpartition("/")[2])
        if field_id is None:
            return "", tag
        field = self._form.field(field_id)
        return field.key, field.label.vi


def qd831_channels(form: FormDefinition, timeouts: Timeouts | None = None) -> ChannelFactory:
    """What `SyncWorker` takes as its factory."""

    def make(settings: ChannelSettings, password: str, station: Station) -> Qd831Channel:
        return Qd831Channel(
            settings=settings, password=password, station=station, form=form, timeouts=timeouts
        )

    return make
