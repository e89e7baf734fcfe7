"""French words that the rules of ``search.text.stemmer`` would get wrong, all folded."""

from search.text.verb_forms import PARTICIPLE_OF


def _pairs(text: str) -> dict[str, str]:
    """Words and what they are forms of, as ``form:word``."""
    return dict(pair.split(":") for pair in text.split())


IRREGULAR = _pairs(
    """
    absente:absent aieux:aieul aigue:aigu ambigue:ambigu amere:amer amie:ami andalouse:andalou ans:an
    ardue:ardu assise:assis bannie:banni basse:bas bel:beau belle:beau benie:beni benigne:benin
    blanche:blanc bleue:bleu blonde:blond bonne:bon breve:bref brune:brun brute:brut cadette:cadet
    caduque:caduc chamelle:chameau chatte:chat chaude:chaud cheffe:chef chere:cher chienne:chien
    choisie:choisi cieux:ciel claire:clair close:clos collective:collectif complete:complet
    comtesse:comte concrete:concret confuse:confus conseillere:conseiller construite:construit
    copine:copain coquette:coquet courte:court crue:cru decrite:decrit deesse:dieu detruite:detruit
    directive:directif discrete:discret diverse:divers doctoresse:docteur douce:doux duchesse:duc
    durcie:durci dure:dur dus:du egale:egal elue:elu emise:emis emue:emu ennemie:ennemi epaisse:epais
    epouse:epoux etrangere:etranger exigue:exigu expresse:expres fausse:faux favorite:favori fiere:fier
    fine:fin finie:fini fol:fou folle:fou forte:fort fraiche:frais franche:franc froide:froid gaie:gai
    gentille:gentil grande:grand grasse:gras grecque:grec grise:gris grosse:gros guerie:gueri
    hardie:hardi haute:haut hotesse:hote ideaux:ideal imperatrice:empereur importante:important
    incluse:inclus incomplete:incomplet inouie:inoui inquiete:inquiet inscrite:inscrit interdite:interdit
    intruse:intrus jalouse:jaloux jette:jete jettent:jete jolie:joli juive:juif jumelle:jumeau laide:laid
    laique:laic lasse:las legere:leger lente:lent lionne:lion longue:long lourde:lourd louve:loup lus:lu
    mairesse:maire maitresse:maitre maligne:malin maux:mal maxima:maximum mesdames:madame
    mesdemoiselles:mademoiselle messagere:messager messieurs:monsieur minima:minimum molle:mou morte:mort
    muette:muet mure:mur naive:naif nazie:nazi nee:ne nette:net neuve:neuf noire:noir nouvel:nouveau
    nouvelle:nouveau nue:nu nulle:nul nus:nu orale:oral passagere:passager paysanne:paysan petite:petit
    plate:plat pleine:plein poetesse:poete positive:positif prete:pret princesse:prince produite:produit
    publique:public punie:puni pure:pur ravie:ravi reduite:reduit reunie:reuni ronde:rond rousse:roux
    russie:russe saine:sain sainte:saint seche:sec secrete:secret serbie:serbe seule:seul sotte:sot
    sourde:sourd suivie:suivi sujette:sujet sure:sur tierce:tiers tigresse:tigre traitresse:traitre
    tuee:tue turque:turc unie:uni uns:un vaine:vain verte:vert veuve:veuf vieil:vieux vieille:vieux
    vive:vif vraie:vrai vus:vu yeux:oeil
    """
)
"""Inflections that follow no rule, with their words."""

INVARIABLE = frozenset(
    """
    abus acces ananas anglais apres assis autobus avis bas biais bis bois bonus bras bus cactus campus
    canevas chaos chassis chaux choix clos colis concours confus congres consensus corps corpus cours
    croix croquis debris deces deux devis discours divers dix dos doux emis enclos envers epais epoux
    exces expres faux fils focus fois fonds frais francais gens gras gris gros heros houx humus inclus
    intrus iris jaloux jamais jus las lors lotus mais malus maquis marais mars matelas mauvais mepris
    mieux moeurs mois niais noix oasis obus os ours paix palais parcours pays pieux plus poids pois
    precis pres prix proces processus progres propos prospectus puits pus rabais radis recours refus
    relais repas repos res roux secours sens six souris stimulus succes tapis tas taux temps tennis
    terminus tiers toux travers tres trois univers vers vieux virus voix
    """.split()
)
"""Words that end in s or x in the singular, and would be taken for the plural of another word."""

ENDING_IN_I = frozenset(
    """
    aboi bai balai beffroi convoi deblai delai desarroi effroi emploi envoi essai etai foi gai geai lai
    loi mai minerai moi octroi paroi pourvoi quai rai reemploi remblai renvoi roi sousemploi tournoi
    virelai vrai
    """.split()
)
"""Words in -ai and -oi; other words in -ais and -ois, such as français, are singulars."""

AIL_PLURALS = frozenset(
    "aspiraux baux coraux emaux fermaux soupiraux travaux vantaux ventaux vitraux".split()
)
"""Plurals in -aux of words in -ail."""

AU_PLURALS = frozenset(
    """
    aloyaux boyaux etaux fleaux gluaux gruaux hoyaux joyaux landaus landaux materiaux noyaux preaux
    tuyaux
    """.split()
)
"""Plurals in -aux of words in -au."""

ENDING_IN_EE = frozenset(
    """
    agree annee apogee armee assemblee athenee azalee boree bouchee buee chaussee cheminee colisee
    contree coree corvee coryphee couvee cree crimee cuilleree cuvee denree destinee diarrhee dictee
    donnee donnees dragee duree elysee enjambee entree epee epopee equipee fee foulee fournee fumee
    fusee galilee giroflee gorgee guinee huee hymenee idee journee judee lycee maree matinee mausolee
    mosquee musee nichee nuee odyssee ondee onomee orchidee perigee poignee poupee prytanee pyrenee
    pyrenees ramee randonnee rentree risee ruee saignee soiree tournee tranchee tribu trophee vallee
    vendee volee
    """.split()
)
"""Nouns in -ée that are no feminine: armée is not the feminine of armé."""

ENDING_IN_E = frozenset(
    """
    archive arrive avive colonne commune couronne cultive derive donne entreprise esquive fraise maille
    medecine motive personne prive ravive revive salive survive tonne tribune
    """.split()
)
"""Words that look like a feminine, and are words of their own or verbs: colonne, , arrive."""

VERBS_IN_ISTER = frozenset("assiste consiste desiste insiste persiste resiste subsiste".split())
"""Forms of verbs that are no nouns in -iste."""

NO_VERBS_IN_ENT = frozenset(
    """
    absent abstinent accent accident adherent adjacent adolescent affluent ambivalent antecedent apparent
    ardent argent arpent astringent bivalent client coefficient coherent comment competent concurrent
    confident conscient consequent content continent contingent convalescent convergent copresident
    corpulent couvent covalent decent deficient detergent different diligent dissident divergent
    efficient eloquent emergent eminent entregent equipollent equivalent escient evident excedent
    excellent excipient ferment fervent florent fluorescent frequent gradient immanent imminent impatient
    impertinent imprudent incident incoherent incompetent inconscient inconsequent incontinent
    inconvenient indecent independent indifferent indigent indolent indulgent influent ingredient
    inherent innocent insolent insurgent intelligent intransigent latent laurent lorient mecontent
    negligent occident omnipresent omniscient opulent orient parent patent patient permanent persistent
    pertinent polyvalent preadolescent precedent present president prevalent proeminent prudent purulent
    quotient recent recipient recurrent referent regent resident resilient reticent sarment sergent
    serment serpent somnolent souvent strident succulent talent torrent tourment transparent trident
    truculent turbulent turgescent urgent vicepresident vincent violent virulent
    """.split()
)
"""Nouns, adjectives and adverbs in -ent that are no third person plural, such as dépendent."""

UNRELATED = frozenset(
    """
    amendement appellation assurance attentat attentif attention banquise bienfait bouclier capitale
    chantier chassis chaudiere classement collectif collection colonie colonne commun commune
    communication communique confins conseiller courant course croisiere departement destination direct
    directif direction droite environ environnement equipement etrange etranger exclusif extrait
    favorable formation frontiere generation importance important indicateur interet maintenant marche
    message messager moyen moyenne ordonnance organisme parfait passager petition plante pointe portrait
    positif position poussiere propos quartier relation retrait retraite secret secretaire souhait traine
    traitement
    """.split()
)
"""Words that Snowball would join with words of another sense: département and départ, quartier and quart."""

EVERY_WORD = frozenset().union(
    PARTICIPLE_OF,
    IRREGULAR,
    INVARIABLE,
    ENDING_IN_I,
    AIL_PLURALS,
    AU_PLURALS,
    ENDING_IN_EE,
    ENDING_IN_E,
    VERBS_IN_ISTER,
    NO_VERBS_IN_ENT,
    UNRELATED,
)
"""The words of all lists."""
