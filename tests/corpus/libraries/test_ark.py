from search.corpus.libraries.ark import ark, gallica_address


def test_the_first_key_is_found_with_its_page() -> None:
    assert ark("Identifiant : ark:/12148/bpt6k0000001w.texteBrut") == "ark:/12148/bpt6k0000001w"
    assert ark("https://gallica.bnf.fr/ark:/12148/bpt6k0000001w/f12.item") == "ark:/12148/bpt6k0000001w/f12"
    assert ark("une arche, ark:/12") == ""


def test_only_keys_of_gallica_have_an_address_there() -> None:
    assert gallica_address("ark:/12148/bpt6k1") == "https://gallica.bnf.fr/ark:/12148/bpt6k1"
    assert gallica_address("ark:/99999/bpt6k1") == ""
    assert gallica_address("") == ""
