"""The section `backends`: the stores that are asked about themselves."""

from __future__ import annotations

from pydantic import model_validator

from app.config.fields import HttpUrl, Interval, ReadableFile, RedisUrl, Text
from app.config.section import Section, pair_or_none, sign_in_once


class RedisBackend(Section):
    url: RedisUrl
    user: Text | None = None
    password_file: ReadableFile | None = None
    ca_file: ReadableFile | None = None
    cert_file: ReadableFile | None = None
    key_file: ReadableFile | None = None
    interval: Interval = 15.0

    @model_validator(mode="after")
    def _shows_itself_over_tls(self) -> RedisBackend:
        pair_or_none(self.cert_file, self.key_file)
        if self.ca_file or self.cert_file:
            if not self.url.startswith("rediss:"):
                raise ValueError("ca_file and cert_file belong to rediss://")
        return self


class PostgresqlBackend(Section):
    dsn_file: ReadableFile | None = None
    prov_dsn_file: ReadableFile | None = None
    ca_file: ReadableFile | None = None
    cert_file: ReadableFile | None = None
    key_file: ReadableFile | None = None
    interval: Interval = 15.0

    @property
    def asked(self) -> bool:
        return self.dsn_file is not None

    @model_validator(mode="after")
    def _first_the_first(self) -> PostgresqlBackend:
        if self.prov_dsn_file is not None and self.dsn_file is None:
            raise ValueError("prov_dsn_file comes beside dsn_file, never alone")
        pair_or_none(self.cert_file, self.key_file)
        return self


class ElasticsearchBackend(Section):
    url: HttpUrl
    user: Text | None = None
    password_file: ReadableFile | None = None
    api_key_file: ReadableFile | None = None
    ca_file: ReadableFile | None = None
    interval: Interval = 15.0

    @model_validator(mode="after")
    def _one_way_in(self) -> ElasticsearchBackend:
        sign_in_once(self.user, self.password_file, self.api_key_file, "api_key_file")
        return self


class Backends(Section):
    redis: RedisBackend | None = None
    postgresql: PostgresqlBackend | None = None
    elasticsearch: ElasticsearchBackend | None = None
