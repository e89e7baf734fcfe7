"""Forms of frequent French verbs that no rule relates to their participle, all folded: vend, finissent."""

_PARTICIPLES = {
    # -ir, as finir
    "": (
        """
        bati bondi defini fini fourni gueri investi puni rebondi reagi reuni saisi subi surgi trahi
        """,
        "r t ra ront rait raient ssait ssaient ssant sse ssent",
    ),
    # -dre and -ttre, as vendre
    "u": (
        """
        abattu attendu battu combattu confondu defendu descendu entendu mordu perdu pretendu rendu
        repandu repondu suspendu vendu
        """,
        "ait aient ent ra rait re ront",
    ),
    # -enir, as tenir; not revenu and contenu, which are nouns
    "enu": (
        """
        detenu devenu intervenu maintenu obtenu parvenu prevenu retenu soutenu survenu tenu venu
        """,
        "enait enaient enir iendra iendrait iendront iennent ient",
    ),
}
"""By what the endings take the place of: participles, and the endings of their other forms."""

_OTHERS = """
    abattu:abat admis:admet,admettent,admettre appris:apprend,apprendre,apprennent attendu:attend
    atteint:atteignent,atteindre battu:bat compris:comprend,comprendre,comprennent confondu:confond
    construit:construire,construisent contraint:contraindre couvert:couvrent,couvrir
    craint:craignent,craindre decouvert:decouvre,decouvrent,decouvrir decrit:decrire,decrivent
    defendu:defend descendu:descend detruit:detruire,detruisent elu:elire,elisent,elit
    emis:emet,emettent,emettre entendu:entend eteint:eteindre inscrit:inscrire,inscrivent
    interdit:interdire,interdisent mordu:mord mort:meurt,meurent,mourir offert:offrent,offrir
    ouvert:ouvre,ouvrent,ouvrir peint:peindre perdu:perd pretendu:pretend pris:prend,prendre,prennent
    promis:promet,promettent,promettre reduit:reduire,reduisent rejoint:rejoignent,rejoindre
    remis:remet,remettent,remettre rendu:rend repandu:repand repondu:repond
    repris:reprend,reprendre,reprennent souffert:souffre,souffrent,souffrir
    soumis:soumet,soumettent,soumettre surpris:surprend,surprendre,surprennent suspendu:suspend
    transmis:transmet,transmettent,transmettre vendu:vend
    """
"""Participles, and forms that follow none of these. Not permis and compromis, which are nouns."""


def _regular() -> dict[str, str]:
    return {
        participle.removesuffix(replaced) + ending: participle
        for replaced, (participles, endings) in _PARTICIPLES.items()
        for participle in participles.split()
        for ending in endings.split()
    }


def _others() -> dict[str, str]:
    entries = (entry.split(":") for entry in _OTHERS.split())
    return {form: participle for participle, forms in entries for form in forms.split(",")}


PARTICIPLE_OF = {**_regular(), **_others()}
"""The masculine participle of each form."""
