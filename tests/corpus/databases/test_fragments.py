"""Pieces of HTML, and their elements by class and id."""

from search.corpus.databases.fragments import Fragment, written_text


def test_elements_are_found_by_each_word_of_their_class_and_by_their_id() -> None:
    piece = Fragment('<p class="a b" id="c">Un</p><p class="b">Deux</p>')
    assert [element.text for element in piece.all("b")] == ["Un", "Deux"]
    assert piece.text("a") == piece.text("#c") == "Un"
    assert piece.text("z", "b") == "Un"
    assert (piece.first("z"), piece.text("z"), piece.all("z")) == (None, "", [])


def test_positions_are_those_of_the_document() -> None:
    piece = Fragment('<div><p class="a">Un</p></div><p class="b">Deux</p>')
    assert piece.position[piece.first("a")] < piece.position[piece.first("b")]


def test_comments_and_unknown_tags_are_no_elements() -> None:
    assert Fragment('<!-- <p class="a">Un</p> --><x:y class="b">Deux</x:y>').text("a", "b") == "Deux"


def test_a_piece_without_end_tags_is_read() -> None:
    assert Fragment('</div></td><table><tr><td class="a">Un').text("a") == "Un"


def test_words_alone_stay_what_they_are() -> None:
    assert Fragment("Un\x00 <b>mot").root.xpath("string()").startswith("Un")


def test_written_text_keeps_gaps_and_line_breaks_and_any_character() -> None:
    piece = Fragment('<p class="a">Un  <b>mot<br>et</b>\x01<br/>un autre</p>')
    assert written_text(piece.first("a")).replace("\x01", "") == "Un  mot\net\nun autre"
    assert written_text(piece.first("b")) == ""


def test_depth_has_a_limit() -> None:
    assert len(Fragment("<div>" * 100_000).position) < 300
