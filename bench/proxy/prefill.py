# Fills a store with more of what is in it: the one submission that the proxy has noted becomes `rows` submissions.
#   python3 prefill.py submissions.sqlite 1000000
# Every digest becomes another random one, as a digest is; the times are spread over the last 80 of the 90 days that are kept. Everything
# else, such as the state and Wise's answer, is copied. The table and its indexes are the proxy's own. The proxy must not be running.
import sqlite3
import sys

path, rows = sys.argv[1], int(sys.argv[2])
KEPT_MILLIS = 80 * 24 * 3600 * 1000

store = sqlite3.connect(path, isolation_level=None)
# Nothing here has to outlive a crash.
store.execute("PRAGMA journal_mode = OFF")
store.execute("PRAGMA synchronous = OFF")
store.execute("PRAGMA cache_size = -2000000")
columns = [(name, kind) for _, name, kind, *_ in store.execute("PRAGMA table_info(submission)")]
have = store.execute("SELECT count(*) FROM submission").fetchone()[0]
if have != 1:
    sys.exit(f"prefill: one submission is expected, and there are {have}")


def value(name, kind):
    if kind == "BLOB":
        return f"CASE WHEN first.{name} IS NULL THEN NULL ELSE randomblob(length(first.{name})) END"
    if name in ("sent", "changed"):
        return f"first.{name} - (seq.n * {KEPT_MILLIS} / {rows})"
    return f"first.{name}"


names = ", ".join(name for name, _ in columns)
values = ", ".join(value(name, kind) for name, kind in columns)
store.execute("BEGIN")
store.execute("CREATE TEMP TABLE first AS SELECT * FROM submission")
store.execute(
    f"WITH RECURSIVE seq(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < {rows - 1}) "
    f"INSERT INTO submission ({names}) SELECT {values} FROM seq, first WHERE {rows} > 1"
)
store.execute("COMMIT")
# As the proxy leaves it.
store.execute("PRAGMA journal_mode = WAL")
store.close()
