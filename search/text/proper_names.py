"""Proper names, folded, that would have the stem of a common word: places, first names, families, firms.

Only names that are common in the French press, and whose capital tells them from the word. A word that is not
here is stemmed whether it has a capital or not, so that "les Russes" is found by "russe".
"""

PROPER_NAMES = frozenset(
    """
    france paris marseille hollande malaisie crimee vendee berlin benin colombie lorraine herault allier
    gironde creuse manche somme orne marne drome lot var marches vilaine angers bourges cannes castres
    chalons colombes digne dole etampes fougeres gap genes grasse houilles landes langres lens limoges
    lourdes mans mantes menton mons moulins nantes nevers nice orange privas provins puteaux redon
    rennes roanne romans saintes saumur sceaux sete sens tours troyes tulle vannes versailles vichy
    vienne vire vaux villers alpes andes antilles ardennes canaries flandres galles indes malines
    marquises laos damas berne bale liege bayonne milan lima orient valence abu agnes baptiste barbara
    barbera benjamin bouchez brand canet carrera carrie chancel claire clemence closer collin collins
    colonna constance denis desire dominique dumas fabrice felix fidel fournier francis francoise gilles
    laure legrand marie marine marquez martel martin martine medicis moderna moussa nicolas nicole
    oliver palmer perez pier pierre platini prudence publicis regis remi rene renee revel rivera rose
    sabine servier simon simone singer veil victoire amazon angela angeles atlanta georgie martinez michele
    michelle denis morales venus
    """.split()
)
