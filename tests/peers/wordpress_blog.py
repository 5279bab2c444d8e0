"""A real WordPress on loopback: Debian's, with MariaDB and PHP's own web server, stopped by their own process ids."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.peers import debian

__all__ = ["Blog", "blog"]

PACKAGES = ("wordpress", "php-cli", "php-mysql", "php-xml", "mariadb-server")
_SOURCE = Path("/usr/share/wordpress")
_START_WITHIN_S = 60.0
_CONFIGURATION = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_ENVIRONMENT_TYPE', 'local'); define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""
#: Tests comment faster than people do.
_MUST_USE = "<?php add_filter('wp_is_comment_flood', '__return_false', 99);\n"
_INSTALL = """
define('WP_INSTALLING', true);
require 'wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Blog des tests', 'admin', 'admin@example.com', true, '', 'admin-password');
$editor = wp_insert_user(['user_login' => 'marque', 'user_pass' => wp_generate_password(),
    'user_email' => 'marque@example.com', 'display_name' => 'Maison Verte', 'role' => 'editor']);
$made = WP_Application_Passwords::create_new_application_password($editor, ['name' => 'Comptoir']);
echo "\\n" . json_encode(['id' => $editor, 'password' => $made[0]]);
"""


@dataclass
class Blog:
    """The blog at ``url``, and the editor who answers there for the brand."""

    url: str
    home: Path
    editor: str = ""
    password: str = ""

    def credentials(self, **changes: str) -> dict[str, str]:
        """What an account of this blog would have stored."""
        return {"site": self.url, "username": "marque", "application_password": self.password, **changes}

    def comment(self, text: str, *, author: str = "Léa Martin", mail: str = "lea@example.com") -> None:
        """A visitor fills in the form under the first post."""
        form = {"comment_post_ID": "1", "author": author, "email": mail, "comment": text, "comment_parent": "0"}
        answer = httpx.post(f"{self.url}/wp-comments-post.php", data=form, timeout=60)
        assert answer.status_code == 302, answer.text

    def php(self, script: str) -> str:
        """Run a script inside the blog."""
        done = subprocess.run(
            ["php", "-r", script], cwd=self.home / "site", capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout


def install_wordpress() -> None:
    """Install the packages without letting them start anything."""
    if _SOURCE.exists() and shutil.which("php") and shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin"):
        return
    debian.install(*PACKAGES)


@contextlib.contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _until(ready: str, log: Path, probe: list[str]) -> None:
    """Wait until the probe succeeds: another process gives nothing to wait on."""
    deadline = time.monotonic() + _START_WITHIN_S
    while subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        assert time.monotonic() < deadline, f"{ready} does not answer: {log.read_text(errors='replace')[-2000:]}"
        time.sleep(0.2)


@contextlib.contextmanager
def _database(home: Path) -> Iterator[Path]:
    """MariaDB in a folder of its own, reached by a socket."""
    data, listening, log = home / "database", home / "db.sock", home / "database.log"
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=root", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin") or "mariadbd"
    command = [
        server, "--no-defaults", f"--datadir={data}", f"--socket={listening}", "--skip-networking", "--user=root",
        f"--pid-file={home / 'db.pid'}", "--innodb-buffer-pool-size=32M",
    ]  # fmt: skip
    client = ["mariadb", "--no-defaults", f"--socket={listening}", "--user=root"]
    with _running(command, log):
        _until("MariaDB", log, [*client, "-e", "select 1"])
        subprocess.run([*client, "-e", "create database wordpress character set utf8mb4"], check=True)
        yield listening


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def blog() -> Iterator[Blog]:
    """One blog for all tests of a run: each says something of its own in it."""
    install_wordpress()
    with tempfile.TemporaryDirectory(prefix="wp-") as folder:
        home, port = Path(folder), _free_port()
        site, log = home / "site", home / "php.log"
        shutil.copytree(_SOURCE, site, symlinks=False, ignore_dangling_symlinks=True)
        found = Blog(f"http://127.0.0.1:{port}", home)
        with _database(home) as listening:
            (site / "wp-config.php").write_text(_CONFIGURATION.format(socket=listening, url=found.url))
            (site / "wp-content" / "mu-plugins").mkdir(exist_ok=True)
            (site / "wp-content" / "mu-plugins" / "tests.php").write_text(_MUST_USE)
            made = json.loads(found.php(_INSTALL).strip().splitlines()[-1])
            found.editor, found.password = str(made["id"]), made["password"]
            with _running(["php", "-S", f"127.0.0.1:{port}", "-t", str(site)], log):
                _until("PHP", log, ["php", "-r", f"exit(@file_get_contents('{found.url}/?feed=rss2') ? 0 : 1);"])
                yield found
