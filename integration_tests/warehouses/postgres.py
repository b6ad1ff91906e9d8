"""PyAirbyte's cache of a server that listens on a socket."""

from airbyte.caches import PostgresCache
from airbyte.secrets import SecretString


class SocketPostgresCache(PostgresCache):
    """PyAirbyte's own cache, but for the URL: it knows no sockets."""

    url: str
    host: str = ""
    port: int = 0
    database: str = "postgres"
    username: str = "postgres"
    password: str = ""

    def get_sql_alchemy_url(self) -> SecretString:
        return SecretString(self.url)
