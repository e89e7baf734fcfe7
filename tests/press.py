"""A dozen small articles of our own that the tests search."""

from search.types import Article

_LONG = """\
La commission d'enquête a remis hier son rapport sur les munitions livrées par voie ferrée. Le document, \
long de deux cents pages, retrace trois années d'échanges discrets entre les deux capitales et leurs \
intermédiaires.

Les rapporteurs ont entendu quarante témoins, dont plusieurs cheminots qui ont conduit les convois de nuit. \
Aucun d'entre eux n'avait reçu d'ordre écrit, et tous ont décrit des wagons plombés dont ils ignoraient le \
contenu exact.

Le chapitre consacré aux finances décrit un montage de sociétés écrans. L'argent passait par trois banques \
avant de revenir sous la forme de livraisons de céréales et de pétrole, selon des relevés joints en annexe.

En conclusion, les auteurs demandent que Moscou réponde aux questions laissées en suspens. Une nouvelle \
audition est prévue au printemps, et la présidente espère obtenir les archives douanières manquantes."""

PRESS = (
    Article(
        "obus",
        "Pyongyang livre des obus d'artillerie",
        "Un train chargé d'obus d'artillerie nord-coréens a franchi la frontière dimanche. "
        "Ces munitions sont destinées à la Russie, selon des sources militaires.",
        "2023-09-12",
        "Agence Nord",
        "monde",
        author="Jeanne Modèle; Paul Exemple",
        keywords="munitions; trains",
    ),
    Article(
        "rapport", "Ce que dit le rapport d'enquête", _LONG, "2023-10", "Gazette du Soir", "monde", lang="fr"
    ),
    Article(
        "elysee",
        "L’Élysée réagit aux livraisons d'armes",
        "L’Élysée a condamné mercredi les livraisons d'armes à la Russie. "
        "Au cœur de l’État, on s'inquiète d'une escalade.",
        "2023-09-13T18:30",
        "Agence Nord",
        "politique",
    ),
    Article(
        "ukraine",
        "L'Ukraine réclame des munitions",
        "Kiev demande à ses alliés davantage de munitions et d'obus pour tenir le front face à la Russie.",
        "2023-11-02",
        "Agence Nord",
        "monde",
        author="Paul Exemple",
        page="A6",
        keywords="munitions",
    ),
    Article(
        "inflation",
        "Les prix ralentissent",
        "L'inflation est revenue à 3,5 % en septembre. Les prix de l'énergie ont reculé de 10 000 euros "
        "pour une usine moyenne, mais l'alimentation reste chère.",
        "2023-09-29",
        "Écho des Marchés",
        "économie",
    ),
    Article(
        "peste",
        "La Peste entre au répertoire",
        "Être ou ne pas être fidèle au roman : la troupe adapte La Peste avec douze comédiens.",
        "2022",
        "Gazette du Soir",
        "culture",
    ),
    Article(
        "urss",
        "Aux archives de l'U.R.S.S.",
        "Les archives de l'U.R.S.S. s'ouvrent peu à peu. Aujourd’hui, des historiens russes y travaillent.",
        "2021-05",
        "Gazette du Soir",
        "culture",
    ),
    Article(
        "marathon",
        "Un marathon sous la pluie",
        "Le marathon de Lille s'est couru sous une pluie battante. La favorite a gagné au sprint.",
        "2024-04-07",
        "Sport Matin",
        "sport",
    ),
    Article(
        "hopital",
        "L'hôpital manque de bras",
        "Les infirmières de l'hôpital de Brest ont cessé le travail lundi. Elles réclament des renforts.",
        "2024-01-15",
        "Gazette du Soir",
        "santé",
    ),
    Article(
        "foret",
        "La forêt des Landes replantée",
        "Deux ans après les incendies, la forêt des Landes est replantée de pins et de chênes.",
        "",
        "Agence Nord",
        "environnement",
    ),
    Article(
        "cereales",
        "Un cargo de céréales à Odessa",
        "Un cargo de céréales à Odessa attend depuis vendredi. L'équipage espère appareiller sous escorte.",
        "2023-08-21",
        "Agence Nord",
        "monde",
    ),
    Article(
        "sommet",
        "Kim attendu à Vladivostok",
        "Le dirigeant doit rencontrer son homologue russe. Les livraisons de munitions seront au menu.",
        "2023-09-11",
        "Agence Nord",
        "monde",
    ),
)
"""Articles by key; ``rapport`` is cut in several passages."""
