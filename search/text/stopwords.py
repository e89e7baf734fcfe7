"""French stop words, folded: the complete closed word classes.

The list does not contain words whose folded form is also a word that people search: été, avions, fût.
"""

STOP_WORDS = frozenset(
    """
    le la les l un une des du de d au aux a
    ce c cet cette ces ceci cela ca celui celle ceux celles ci
    mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
    je j tu t il elle on nous vous ils elles me m te se s moi toi soi lui eux y en
    qui que qu quoi dont ou lequel laquelle lesquels lesquelles auquel auxquels auxquelles
    duquel desquels desquelles quel quelle quels quelles
    et ni mais or car donc si comme quand lorsque lorsqu puisque puisqu quoique quoiqu parce afin
    dans par pour sur sous avec sans chez vers entre depuis pendant des contre jusque jusqu
    ne n pas plus tres aussi ainsi alors encore deja tout toute tous toutes meme memes autre autres
    tel telle tels telles quelque quelques chaque aucun aucune
    peu trop bien moins apres avant lors puis
    suis es est sommes etes sont etais etait etions etiez etaient serai seras sera serons serez seront
    serais serait serions seriez seraient sois soit soyons soyez soient fus fumes furent etre etant etee
    ai as avons avez ont avais avait aviez avaient aurai auras aura aurons aurez auront
    aurais aurait aurions auriez auraient aie aies ait ayons ayez aient eus eut eurent eu avoir ayant
    fait faire peut doit va
    """.split()
)
