"""Queries as people write them for Factiva and Europresse, in our language; nothing is dropped silently."""

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from search.errors import QueryError, UsageError
from search.query.parser import parse
from search.query.translation.remarks import Fidelity
from search.query.translation.translator import Service, translate

from ..parsing import TODAY

LEFT_OUT, CHANGED = Fidelity.LEFT_OUT, Fidelity.CHANGED
FACTIVA = [
    ("wireless not cellular", '"wireless" SAUF "cellular"'),
    ("Michelin or Firestone", '"Michelin" OU "Firestone"'),
    ("Nokia AND emerging markets", '"Nokia" "emerging markets"'),
    ("a and b or c not d", '"a" ET "b" OU "c" ET SAUF "d"'),
    ("(obus or munitions) and not (sport or football)", '"obus" OU "munitions" SAUF ("sport" OU "football")'),
    ("atleast5 Microsoft", 'AU_MOINS_5 "Microsoft"'),
    ("atleast3 Total w/5 CEO", 'AU_MOINS_3 ("Total" ADJ5 "CEO")'),
    ("vodafone same telecommunications", '"vodafone" MEME_PARAGRAPHE "telecommunications"'),
    ("carrefour near5 retail sales", '"carrefour" PROCHE5 "retail sales"'),
    ("World Cup adj5 rugby", '"World Cup" ADJ5 "rugby"'),
    ("bill adj clinton", '"bill" ADJ1 "clinton"'),
    ("Boeing 747/N30/british airways", '"Boeing 747" PROCHE30 "british airways"'),
    ("toyota/F50/ and wc>500", 'PREMIERS_50 "toyota" mots:>500'),
    ("wc<300 and grève", 'mots:<300 "grève"'),
    ("wc=300", "mots:300"),
    ("(train* or rail*) near10 (grève* or strike*)", "(train* OU rail*) PROCHE10 (grève* OU strike*)"),
    ("hd=(retraites or pensions)", 'titre:"retraites" OU titre:"pensions"'),
    ("hd=climate change", 'titre:"climate change"'),
    ('by="Jeanne Modele" and sn=Gazette', 'auteur:"Jeanne Modele" source:Gazette'),
    ("se=économie", "rubrique:économie"),
    ("date from 20200101 to 20201231 and obus", 'date:2020 "obus"'),
    ("obus date after 2023-09-11", '"obus" date:2023-09-11..'),
    ("obus and date 31/12/2022", '"obus" date:2022-12-31'),
    ('"peas and carrots"', '"peas and carrots"'),
    ("wom?n near3 vot*", "wom?n PROCHE3 vot*"),
    ("climat* change", 'climat* ADJ1 "change"'),
    ("[obus or canon] and l'Élysée", '"obus" OU "canon" "l\'Élysée"'),
]
FACTIVA_IN_PART = [
    ("grève and la=fr", '"grève"', [("la=fr", 10, LEFT_OUT)]),
    ("rst=(tmfdom or tech) and grève", '"grève"', [("rst=(tmfdom or tech)", 0, LEFT_OUT)]),
    ("ns=gpol", "", [("ns=gpol", 0, LEFT_OUT)]),
    ("x near5 (b and c)", '"x" "b" "c"', [("near5", 2, CHANGED)]),
    ("hd=(paris near5 accord)", 'titre:"paris" titre:"accord"', [("hd=(paris near5 accord)", 0, CHANGED)]),
    ("lp=grève", 'PREMIERS_100 "grève"', [("lp=grève", 0, CHANGED)]),
    ("hlp=grève", 'titre:"grève" OU PREMIERS_100 "grève"', [("hlp=grève", 0, CHANGED)]),
    ("hl=grève", 'titre:"grève"', [("hl=grève", 0, CHANGED)]),
    ("engineer$3", "+engineer*", [("engineer$3", 0, CHANGED)]),
    ("president % clinton", '"president" ADJ2 "clinton"', [("%", 10, CHANGED)]),
    ("x and date 03/04/2022", '"x" date:2022-04-03', [("03/04/2022", 11, CHANGED)]),
    ("x and date 20221399", '"x"', [("date 20221399", 6, LEFT_OUT)]),
    ("a* or grève", '"grève"', [("a*", 0, LEFT_OUT)]),
]
EUROPRESSE = [
    ("grève & SNCF", "+grève +SNCF"),
    ("grève | blocage", "grève OU blocage"),
    ("retraites ! sénat", "+retraites SAUF sénat"),
    ("grève & (SNCF | RATP) ! avion", "+grève SNCF OU RATP SAUF avion"),
    ("climat+ & énergie", "+climat* +énergie"),
    ('"gaz à effet de serre" & CO2', '"gaz à effet de serre" +CO2'),
    ("“transition énergétique” | « sobriété »", '"transition énergétique" OU "sobriété"'),
    ("TIT_HEAD=inflation", "titre:inflation"),
    ("TIT_HEAD=réforme retraites sénat", "titre:réforme titre:retraites titre:sénat"),
    ('TIT_HEAD= ("pouvoir d\'achat" | inflation)', 'titre:"pouvoir d\'achat" OU titre:inflation'),
    ("TEXT= (grève & blocage)", "+grève +blocage"),
    ("TEXT= (crise | krach) >1", "AU_MOINS_2 (crise OU krach)"),
    ("crise>2 & banque", "AU_MOINS_3 crise +banque"),
    (
        'TEXT= ("global warming" | climate) >1 & TIT_HEAD= (climat+ | IPCC)',
        'AU_MOINS_2 ("global warming" OU climate) titre:climat* OU titre:IPCC',
    ),
    ("AUT_BY=Modèle & port", "auteur:Modèle +port"),
    ('AUT_BY="Jeanne Modèle"', 'auteur:"Jeanne Modèle"'),
    ("SUJ_KW=agriculture", "mot-clé:agriculture"),
    ("port & TIT_HEAD=Armeil ! TIT_HEAD=foot+", "+port titre:Armeil SAUF titre:foot*"),
    ("grève ET (train OU métro) SAUF avion", "+grève train OU métro SAUF avion"),
    ("dockers port salaires & grève", "+dockers +port +salaires +grève"),
    ('"réform+ des retraites"', 'réform* ADJ1 "des retraites"'),
]
EUROPRESSE_IN_PART = [
    ("retraite %5 réforme", "+retraite +réforme", [("%5", 9, CHANGED)]),
    ("retraite $ réforme & vote", "+retraite +réforme +vote", [("$", 9, CHANGED)]),
    ("LEAD=grève", "PREMIERS_100 grève", [("LEAD=grève", 0, CHANGED)]),
    ("PUB_X=monde & grève", "+grève", [("PUB_X=monde", 0, LEFT_OUT)]),
    ("(a & b) >3", "+a +b", [(">3", 8, CHANGED)]),
    ("a+ | grève", "+grève", [("a+", 0, LEFT_OUT)]),
]
WHOLE = [
    *((Service.FACTIVA, *each) for each in FACTIVA),
    *((Service.EUROPRESSE, *each) for each in EUROPRESSE),
]
IN_PART = [
    *((Service.FACTIVA, *each) for each in FACTIVA_IN_PART),
    *((Service.EUROPRESSE, *each) for each in EUROPRESSE_IN_PART),
]


@pytest.mark.parametrize(("service", "text", "expected"), WHOLE)
def test_a_whole_query_is_translated(service: Service, text: str, expected: str) -> None:
    translation = translate(text, service, TODAY)
    assert (translation.text, translation.remarks) == (expected, ())
    assert parse(translation.text, TODAY).constraint is not None


@pytest.mark.parametrize(("service", "text", "expected", "remarks"), IN_PART)
def test_what_is_not_said_is_named_with_its_place(
    service: Service, text: str, expected: str, remarks: list[tuple[str, int, Fidelity]]
) -> None:
    translation = translate(text, service, TODAY)
    assert translation.text == expected
    assert [(each.part, each.position, each.fidelity) for each in translation.remarks] == remarks


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("hd=grève and not avion", Service.FACTIVA),
        ("atleast3 grève", Service.FACTIVA),
        ("TIT_HEAD=grève", Service.EUROPRESSE),
        ("climat+ | énergie", Service.EUROPRESSE),
    ],
)
def test_the_service_is_guessed_by_its_signs(text: str, service: Service) -> None:
    translation = translate(text, None, TODAY)
    assert (translation.service, translation.guessed) == (service, True)


def test_a_query_without_signs_needs_the_name_of_its_service() -> None:
    with pytest.raises(UsageError, match="--from europresse or --from factiva"):
        translate("climate change", None, TODAY)
    assert not translate("climate change", Service.FACTIVA, TODAY).guessed


@pytest.mark.parametrize(
    ("service", "text", "message", "position"),
    [
        (Service.FACTIVA, "a and", "The query ends too early.", 5),
        (Service.FACTIVA, "a and or b", "or is not expected here.", 6),
        (Service.FACTIVA, "a and (b", "This bracket is never closed.", 6),
        (Service.FACTIVA, "a | b", "| is not expected here.", 2),
        (Service.EUROPRESSE, "a & | b", "| is not expected here.", 4),
        (Service.FACTIVA, "mot " * 300, "The query has more than 256 words.", 1024),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    service: Service, text: str, message: str, position: int
) -> None:
    with pytest.raises(QueryError) as caught:
        translate(text, service, TODAY)
    assert (str(caught.value), caught.value.position) == (message, position)


_PIECES = (
    'a grève* and or not near5 adj /n3/ /f5/ atleast2 same % hd= la= wc>5 $2 ( ) [ ] " & | ! + >2 TEXT= ? é'
)
_TEXTS = st.lists(st.sampled_from([*_PIECES.split(), "date 2022", " "]), max_size=15).map(" ".join)


@given(_TEXTS | st.text(max_size=40), st.sampled_from(Service))
def test_anything_is_a_query_of_ours_or_an_error_inside_it(text: str, service: Service) -> None:
    try:
        translation = translate(text, service, TODAY)
    except QueryError as error:
        event(f"refused at a place: {0 <= error.position <= len(text)}")
        assume(not 0 <= error.position <= len(text))
        raise
    parse(translation.text, TODAY)
    assert translation.text or translation.remarks or not any(map(str.isalnum, text))
    assert all(0 <= each.position <= len(text) for each in translation.remarks)
