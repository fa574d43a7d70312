"""Lines of an explanation are broken at spaces, never inside a citation or a word."""

from evcredit.results.words import Line, render


def rendered(text, level=1):
    return render(iter([Line(level, text)]), "text").splitlines()


def test_a_line_that_fits_stays_whole():
    assert rendered("short") == ["  - short"]
    assert rendered("x" * 92) == ["  - " + "x" * 92]


def test_a_long_line_goes_on_below_its_beginning():
    assert rendered(" ".join(["word"] * 30)) == [
        "  - " + " ".join(["word"] * 18),
        "    " + " ".join(["word"] * 12),
    ]


def test_a_word_longer_than_a_line_is_not_broken():
    assert rendered("x" * 120) == ["  - " + "x" * 120]
    assert rendered("x" * 120 + " y") == ["  - " + "x" * 120, "    y"]


def test_a_citation_stays_on_one_line():
    text = "x" * 80 + " [26 USC 30D(d)(1)(A)]"
    assert rendered(text) == ["  - " + "x" * 80, "    [26 USC 30D(d)(1)(A)]"]


def test_other_white_space_is_a_space():
    assert rendered("a\n b\tc ") == ["  - a b c"]
