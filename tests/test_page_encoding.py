"""Bytes of pages: marks, what was said of them, what they say, what they look like; binary refused."""

from __future__ import annotations

import codecs
import time

import charset_normalizer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.read.page.encoding import decode_page
from cleaner.types import InputError

RUSSIAN = "<p>Вчера вечером жители небольшого города собрались на площади, чтобы посмотреть на новый фонтан.</p>\n" * 4
GREEK = "<p>Χθες το βράδυ οι κάτοικοι της μικρής πόλης μαζεύτηκαν στην πλατεία για να δουν το νέο σιντριβάνι.</p>" * 4
POLISH = (
    "<p>Wczoraj wieczorem mieszkańcy małego miasteczka zgromadzili się na rynku, żeby zobaczyć nową fontannę.</p>"
    "<p>Burmistrz powiedział, że wszyscy czekali na nią od wielu lat i że będzie działała także późną jesienią.</p>"
    "<p>Jeśli pogoda pozwoli, w sobotę odbędzie się tam koncert, a dzieci dostaną słodycze i książki.</p>"
)
GERMAN = "<p>Gestern Abend trafen sich die Bürger der kleinen Stadt, um den schönen Brunnen zu sehen. Größe.</p>" * 4
SPANISH = (
    "<p>Ayer por la noche los vecinos de la pequeña ciudad acudieron a la plaza; según el alcalde, mañana.</p>" * 4
)
CHINESE = "<p>昨天晚上，小城的居民聚集在广场上，观看新建成的喷泉。市长说，这是大家多年来的愿望。</p>" * 4
TAIWAN = "<p>昨天晚上，小城的居民聚集在廣場上，觀看新建成的噴泉。市長說，這是大家多年來的願望。</p>" * 4
JAPANESE = (
    "<p>昨日の夜、小さな町の住民たちは新しい噴水を見るために広場に集まりました。町長はとても喜んでいます。</p>" * 4
)
KOREAN = "<p>어제 저녁 작은 도시의 주민들이 새로운 분수를 보기 위해 광장에 모였습니다. 시장은 기뻐했습니다.</p>" * 4
THAI = "<p>เมื่อวานนี้ชาวเมืองเล็กมารวมตัวกันที่จัตุรัสเพื่อชมน้ำพุแห่งใหม่ นายกเทศมนตรีกล่าวว่าทุกคนรอคอยมานาน</p>" * 4


def meta(label: str, text: str = "", before: str = "") -> str:
    return f'<html><head>{before}<meta charset="{label}"><title>x</title></head><body>{text}</body></html>'


def http_equiv(label: str, text: str) -> str:
    return f"<html><META content='text/html; charset={label}' http-equiv=content-type>{text}"


FOUND = {
    "empty": ("", "utf-8", "utf-8 (bytes)"),
    "ascii": ("<p>x</p>", "utf-8", "utf-8 (bytes)"),
    "utf-8": ("<p>é</p>", "utf-8", "utf-8 (bytes)"),
    "utf-8-said": (meta("UTF-8", "é"), "utf-8", "utf-8 (meta)"),
    "meta": (meta("windows-1251", RUSSIAN), "cp1251", "windows-1251 (meta)"),
    "http-equiv": (http_equiv("koi8-r", RUSSIAN), "koi8-r", "koi8-r (meta)"),
    "xml": (f"<?xml version='1.0' encoding='ISO-8859-7'?><html>{GREEK}", "iso8859-7", "iso-8859-7 (xml)"),
    "meta-of-ascii": (meta("windows-1251"), "ascii", "windows-1251 (meta)"),
    "ascii-in-another-language": ("<html lang=pl><meta charset=latin1>x", "ascii", "latin1 (meta)"),
    "after-much-else": (meta("windows-1250", POLISH, "<script>1;</script>" * 300), "cp1250", "windows-1250 (meta)"),
    "unknown-then-known": (meta("none", '<meta charset="cp1251">' + RUSSIAN), "cp1251", "cp1251 (meta)"),
    "in-a-comment": (meta("cp1253", GREEK, '<!-- <meta charset="koi8-r"> -->'), "cp1253", "cp1253 (meta)"),
}
# Label, and the encoding that it stands for.
LABELS = {
    "iso-8859-1": ("“é” – €", "cp1252"),
    "us-ascii": ("“é” – €", "cp1252"),
    "latin1": ("“é” – €", "cp1252"),
    "iso-8859-9": ("“ğ” – €", "cp1254"),
    "win-1251": ("Привет", "cp1251"),
    "x-cp1251": ("Привет", "cp1251"),
    "windows1250": ("źdźbło", "cp1250"),
    "windows-874": (THAI, "cp874"),
    "tis-620": (f"“{THAI}”", "cp874"),
    "gb2312": (f"{CHINESE}镕喆", "gb18030"),
    "GBK": (f"{CHINESE}€", "gb18030"),
    "gb_2312-80": (CHINESE, "gb18030"),
    "big5": (TAIWAN, "cp950"),
    "shift_jis": (f"{JAPANESE}①㈱髙", "cp932"),
    "x-sjis": (f"{JAPANESE}①", "cp932"),
    "windows-31j": (JAPANESE, "cp932"),
    "euc-jp": (f"{JAPANESE}①", "euc_jis_2004"),
    "iso-2022-jp": (JAPANESE, "iso2022_jp"),
    "euc-kr": (f"{KOREAN}똠방각하", "cp949"),
    "ks_c_5601-1987": (f"{KOREAN}똠방각하", "cp949"),
    "hz-gb-2312": (CHINESE, "hz"),
    "macintosh": ("“é”", "mac-roman"),
    "x-mac-cyrillic": ("Привет", "mac-cyrillic"),
    "iso-8859-8-i": ("שלום", "iso8859-8"),
    "koi8-u": ("Привіт", "koi8-u"),
    "dos-866": ("Привет", "cp866"),
}
# What a page says of itself that its bytes are not.
LIES = {
    "latin-of-utf-8": ("iso-8859-1", RUSSIAN, "utf-8", "utf-8 (bytes)"),
    "cyrillic-of-utf-8": ("windows-1251", GERMAN, "utf-8", "utf-8 (bytes)"),
    "gbk-of-utf-8": ("gbk", CHINESE, "utf-8", "utf-8 (bytes)"),
    "wide": ("utf-16", GERMAN, "utf-8", "utf-8 (meta)"),
    "wide-and-wrong": ("ucs-2", GERMAN, "cp1252", "cp1252 (guessed)"),
    "utf-8-of-latin": ("utf-8", GERMAN, "cp1252", "cp1252 (guessed)"),
    "utf-8-of-cyrillic": ("utf-8", RUSSIAN, "cp1251", "cp1251 (guessed)"),
    "utf-8-of-thai": ("utf-8", THAI, "cp874", "cp874 (guessed)"),
    "latin-of-cyrillic": ("iso-8859-1", RUSSIAN, "cp1251", "cp1251 (guessed)"),
    "latin-of-chinese": ("iso-8859-1", CHINESE, "gb18030", "gb18030 (guessed)"),
    "latin-of-big5": ("iso-8859-1", TAIWAN, "big5hkscs", "big5hkscs (guessed)"),
    "korean-of-latin": ("euc-kr", GERMAN, "cp1252", "cp1252 (guessed)"),
    "python's": ("unicode_escape", "\\n é", "utf-8", "utf-8 (bytes)"),
    "no-codec-of-texts": ("hex", "é", "utf-8", "utf-8 (bytes)"),
    "ebcdic": ("cp037", "<b>a", "utf-8", "utf-8 (bytes)"),
    "utf-7": ("utf-7", "1 +AOk-", "utf-8", "utf-8 (bytes)"),
}
LOOKED_AT = {
    "cp1251": RUSSIAN, "koi8_r": RUSSIAN, "cp1253": GREEK, "cp1250": POLISH, "iso8859_2": POLISH, "gb18030": CHINESE,
    "big5hkscs": TAIWAN, "cp932": JAPANESE, "euc_jis_2004": JAPANESE, "cp949": KOREAN, "cp874": THAI,
}  # fmt: skip
GIVEN = {
    "codec": ("Привет".encode("koi8-r"), "koi8-r", "Привет", "koi8-r (given)"),
    "label": ("“é”".encode("cp1252"), "ISO-8859-1", "“é”", "ISO-8859-1 (given)"),
    "beats-meta": (meta("utf-8", RUSSIAN).encode("cp1251"), "cp1251", meta("utf-8", RUSSIAN), "cp1251 (given)"),
    "beats-utf-8": ("é".encode(), "cp1252", "Ã©", "cp1252 (given)"),
    "wide": ("<p>é".encode("utf-16-le"), "utf-16-le", "<p>é", "utf-16-le (given)"),
    "mark-beats-it": (codecs.BOM_UTF8 + "é".encode(), "cp1252", "é", "utf-8 (byte-order mark)"),
    "none": (b"a", "", "a", "utf-8 (bytes)"),
}
MARKED = {
    "utf-8": codecs.BOM_UTF8 + "<p>é".encode(),
    "utf-16": codecs.BOM_UTF16_LE + "<p>é".encode("utf-16-le"),
    "utf-16-big": codecs.BOM_UTF16_BE + "<p>é".encode("utf-16-be"),
    "utf-32": codecs.BOM_UTF32_LE + "<p>é".encode("utf-32-le"),
}
REFUSED = {
    "pdf": (b"%PDF-1.7", None, "PDF"),
    "pdf-given": (b"%PDF-1.7", "utf-8", "PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9, None, "picture"),
    "controls": (bytes(range(32)) * 9, None, "is binary data, not text$"),
    "all-bytes": (bytes(range(256)) * 300, None, "is binary data, not text"),
    "some-controls": (b"words, \x01\x02 n\xe9 and more of them. " * 99, None, "is binary data, not text"),
    "nuls": (b"a\0\0\0" * 99, None, "is binary data, not text$"),
    "tag-in-controls": (b"<html>" + bytes(range(32)) * 99, None, "is binary data, not text$"),
    "unknown": (b"a", "utf-9", "unknown encoding 'utf-9'; names are"),
    "no-text": (b"a", "hex", "unknown encoding 'hex'"),
    "does-not-fit": (RUSSIAN.encode("cp1251"), "utf-8", "not text, or text that is not utf-8; .* name its encoding"),
}


@pytest.mark.parametrize(("page", "codec", "how"), FOUND.values(), ids=FOUND)
def test_found(page: str, codec: str, how: str) -> None:
    assert decode_page(page.encode(codec)) == (page, how)


@pytest.mark.parametrize(("label", "said"), LABELS.items(), ids=LABELS)
def test_label(label: str, said: tuple[str, str]) -> None:
    page = meta(label, said[0])
    assert decode_page(page.encode(said[1])) == (page, f"{label.lower()} (meta)")


@pytest.mark.parametrize(("label", "text", "codec", "how"), LIES.values(), ids=LIES)
def test_lie(label: str, text: str, codec: str, how: str) -> None:
    page = meta(label, text)
    assert decode_page(page.encode(codec)) == (page, how)


@pytest.mark.parametrize(("codec", "page"), LOOKED_AT.items(), ids=LOOKED_AT)
def test_looked_at(codec: str, page: str) -> None:
    assert decode_page(page.encode(codec)) == (page, f"{codec} (guessed)")


@pytest.mark.parametrize("page", [GERMAN, SPANISH, "<p>“Short”", "<p>½"], ids=["german", "spanish", "quotes", "half"])
def test_latin_is_the_western_one(page: str) -> None:
    assert decode_page(page.encode("cp1252")) == (page, "cp1252 (guessed)")


# Short, so that the letters alone do not tell.
TOLD_BY_LANGUAGE = {
    "tr": ("cp1254", "Küçük şehrin sakinleri dün akşam yeni çeşmeyi görmek için meydanda toplandı. Iğdır."),
    "sk": ("cp1250", "Včera večer sa obyvatelia malého mesta zišli na námestí, aby videli novú fontánu."),
    "ro": ("cp1250", "Aseară locuitorii micului oraş s-au adunat în piaţă ca să vadă noua fântână."),
    "lt": ("cp1257", "Vakar vakare mažo miestelio gyventojai susirinko aikštėje pažiūrėti naujo fontano."),
}


@pytest.mark.parametrize("declared", ["", "<meta charset=latin1>"], ids=["undeclared", "latin1"])
@pytest.mark.parametrize(("lang", "said"), TOLD_BY_LANGUAGE.items(), ids=TOLD_BY_LANGUAGE)
def test_language_tells_latin_alphabets_apart(lang: str, said: tuple[str, str], declared: str) -> None:
    codec, text = said
    page = f"<html lang='{lang}'>{declared}<p>{text}</p>"
    assert decode_page(page.encode(codec)) == (page, f"{codec} (guessed)")


def test_rows_of_dots_are_no_words() -> None:
    page = meta("iso-8859-1", "<li>·····<li>·····<li>café")
    assert decode_page(page.encode("cp1252")) == (page, "iso-8859-1 (meta)")


@pytest.mark.parametrize(("data", "encoding", "text", "how"), GIVEN.values(), ids=GIVEN)
def test_given(data: bytes, encoding: str, text: str, how: str) -> None:
    assert decode_page(data, encoding) == (text, how)


@pytest.mark.parametrize(("name", "data"), MARKED.items(), ids=MARKED)
def test_mark(name: str, data: bytes) -> None:
    assert decode_page(data) == ("<p>é", f"{name.removesuffix('-big')} (byte-order mark)")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_wide_without_mark(codec: str) -> None:
    assert decode_page("\r\n<html>é".encode(codec)) == ("\r\n<html>é", f"{codec} (bytes)")


@pytest.mark.parametrize(("data", "encoding", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes, encoding: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode_page(data, encoding)


def test_nuls_in_a_page_are_dropped() -> None:
    page = b"<html>" + b"a\0\0\0" * 99 + "é".encode()
    assert decode_page(page) == ("<html>" + "a" * 99 + "é", "utf-8 (bytes)")
    assert decode_page(page, "utf-8")[0] == "<html>" + "a" * 99 + "é"


def test_utf_8_cut_in_two_is_utf_8() -> None:
    text, how = decode_page(RUSSIAN.encode()[:-6])
    assert how == "utf-8 (bytes)"
    assert text.count("\ufffd") == 0
    text, how = decode_page(meta("windows-1251", RUSSIAN).encode()[: len(meta("windows-1251")) + 60])
    assert how == "utf-8 (bytes)"
    assert text.count("\ufffd") == 1


def test_one_bad_place_does_not_make_a_declared_page_guessed() -> None:
    text, how = decode_page(meta("gbk", CHINESE).encode("gbk") + b"\xff")
    assert how == "gbk (meta)"
    assert text.count("\ufffd") == 1


def test_large_page_is_looked_at_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    look = charset_normalizer.from_bytes
    monkeypatch.setattr(
        charset_normalizer, "from_bytes", lambda data, **how: sizes.append(len(data)) or look(data, **how)
    )
    data = b"<p>plain words</p>\n" * 500_000 + RUSSIAN.encode("cp1251") * 50_000
    start = time.process_time()
    assert decode_page(data)[1] == "cp1251 (guessed)"
    assert time.process_time() - start < 3  # 0.5 s for 30 MB
    assert max(sizes) < 30_000


@given(st.binary(max_size=300), st.sampled_from([b"", b"<html>", b'<meta charset="big5">', b'<meta charset="latin1">']))
def test_any_bytes_are_text_or_refused(data: bytes, start: bytes) -> None:
    try:
        found = decode_page(start + data)
    except InputError:
        return
    assert found == decode_page(start + data)
