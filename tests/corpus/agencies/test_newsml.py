from search.build_types import PassedOver, Rejected, Unread
from search.corpus import read
from search.types import Article

from ..conftest import Write

PUBLIC = "urn:newsml:exemple.fr:20240301:AAA01:1"


def identified(public: str, number: str = "AAA01") -> str:
    return (
        "<Identification><NewsIdentifier><ProviderId>exemple.fr</ProviderId><DateId>20240301</DateId>"
        f"<NewsItemId>{number}</NewsItemId><RevisionId>2</RevisionId>"
        f"<PublicIdentifier>{public}</PublicIdentifier></NewsIdentifier></Identification>"
    )


def content(text: str, kind: str = "Text") -> str:
    return f'<ContentItem><MediaType FormalName="{kind}"/><DataContent>{text}</DataContent></ContentItem>'


def component(inside: str, headline: str = "", role: str = "", more: str = "") -> str:
    lines = f"<NewsLines><HeadLine>{headline}</HeadLine></NewsLines>" if headline else ""
    return f'<NewsComponent {more}><Role FormalName="{role}"/>{lines}{inside}</NewsComponent>'


def newsml(
    write: Write, *components: str, public: str = PUBLIC, number: str = "AAA01"
) -> list[Article | Unread]:
    item = f"<NewsItem>{identified(public, number)}{''.join(components)}</NewsItem>"
    return list(read([write("a.xml", f"<NewsML>{item}</NewsML>")]))


def told(records: list[Article | Unread]) -> list[tuple[str, ...]]:
    return [
        (one.title, one.body) if isinstance(one, Article) else (one.kind,)
        for one in records
        if isinstance(one, Article | PassedOver)
    ]


def test_components_with_a_headline_and_a_text_are_articles(write: Write) -> None:
    records = newsml(
        write,
        component(
            component(content("<p>Un texte.</p>"), "Un")
            + component(component(content("<p>Deux textes.</p>"), role="Body"), "Deux", more='Duid="d2"'),
            "Dossier",
        ),
    )
    assert told(records) == [("Un", "Un texte."), ("Deux", "Deux textes.")]
    assert [one.id for one in records if isinstance(one, Article)] == [PUBLIC, f"{PUBLIC}#d2"]


def test_roles_part_title_standfirst_and_body(write: Write) -> None:
    inner = (
        component(content("Titre du bloc"), role="Title")
        + component(content("Un chapo."), role="Lead")
        + component(content("Voir &lt;b&gt;ici&lt;/b&gt;.\n\n   Puis la suite."), role="Body")
    )
    (article,) = newsml(write, component(inner, "Titre"))
    assert isinstance(article, Article)
    assert (article.title, article.standfirst) == ("Titre", "Un chapo.")
    assert article.body == "Un chapo.\n\nVoir ici. Puis la suite."


def test_of_equivalent_texts_one_is_read(write: Write) -> None:
    inner = component(content("<p>En NITF.</p>")) + component(content("En texte."))
    assert told(newsml(write, component(inner, "Titre", more='EquivalentsList="yes"'))) == [
        ("Titre", "En NITF.")
    ]
    assert told(newsml(write, component(inner, "Titre"))) == [("Titre", "En NITF.\n\nEn texte.")]


def test_media_and_their_captions_are_passed_over(write: Write) -> None:
    photo = component(
        component(content("<p>Le quai.</p>"), role="Caption") + content("", "Photo"), "Quai", "Photo"
    )
    records = newsml(write, component(component(content("<p>Un texte.</p>")) + photo, "Titre"))
    assert told(records) == [("Titre", "Un texte."), ("photo",)]
    assert told(newsml(write, component(content("", "Graphic")))) == [("graphic",)]


def test_a_text_beside_a_picture_is_its_caption_unless_it_is_an_item(write: Write) -> None:
    item = content("<nitf><body><body.content><p>Un texte.</p></body.content></body></nitf>")
    photo = content("", "Photo")
    assert told(newsml(write, component(item + photo, "Titre"))) == [("Titre", "Un texte."), ("photo",)]
    assert told(newsml(write, component(content("<p>Légende.</p>") + photo, "Titre"))) == [("photo",)]


def test_an_item_that_points_elsewhere_has_no_text(write: Write) -> None:
    assert told(newsml(write, component('<NewsItemRef NewsItem="b.xml"/>', "Le dossier"))) == [
        ("item without text",)
    ]
    assert told(newsml(write, component('<ContentItem Href="b.txt"/>', "Ailleurs"))) == [
        ("item without text",)
    ]


def test_an_identifier_that_names_only_the_provider_is_completed(write: Write) -> None:
    text = component(content("<p>Un texte.</p>"), "Titre")
    (article,) = newsml(write, text, public="urn:newsml:exemple.fr")
    assert isinstance(article, Article)
    assert article.id == "exemple.fr:20240301:AAA01:2"
    (article,) = newsml(write, text, public="urn:newsml:exemple.fr", number="")
    assert isinstance(article, Article)
    assert article.id.startswith("sha-")


def test_what_stands_before_an_error_is_read_and_the_error_is_told(write: Write) -> None:
    item = f"<NewsItem>{identified(PUBLIC)}{component(content('<p>Un texte.</p>'), 'Titre')}</NewsItem>"
    path = write("a.xml", f"<NewsML>{item}<NewsItem><Identif")
    article, *unread = read([path])
    assert isinstance(article, Article)
    assert article.body == "Un texte."
    (rejected,) = (one for one in unread if isinstance(one, Rejected))
    assert rejected.reason.startswith("not XML: ")
