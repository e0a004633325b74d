"""The table as a test reads and handles it."""


def numbers(shown):
    """The rows that are seen, in their order."""
    rows = shown.locator("tr[data-connection]:not([hidden])")
    return rows.evaluate_all("all => all.map(row => Number(row.dataset.connection))")


def row(shown, number):
    return shown.locator(f'tr[data-connection="{number}"]')


def head(shown, column):
    return shown.locator(f"thead th[data-column={column}]")


def search(shown, words):
    shown.locator("input[name=q]").fill(words)
