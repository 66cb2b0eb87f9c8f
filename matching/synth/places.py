"""Finnish municipalities, postal areas and street names for synthetic addresses.

Municipality codes, names and sizes are public facts (Statistics Finland's classification of municipalities);
populations are in thousands and rough. Streets are composed.
"""

from dataclasses import dataclass

# code, Finnish name, Swedish name, population (thousands), share of Swedish speakers (%), of other languages
# (%), first postal code, number of postal codes
_MUNICIPALITIES = """
    091 Helsinki Helsingfors 675 5 18 00100 83
    049 Espoo Esbo 320 6 22 02100 30
    092 Vantaa Vanda 250 2 25 01200 60
    837 Tampere Tammerfors 256 1 10 33100 55
    853 Turku Åbo 202 5 14 20100 50
    564 Oulu Uleåborg 216 0 5 90100 52
    297 Kuopio Kuopio 125 0 4 70100 40
    179 Jyväskylä Jyväskylä 149 0 6 40100 35
    398 Lahti Lahtis 121 0 9 15100 30
    167 Joensuu Joensuu 78 0 6 80100 25
    405 Lappeenranta Villmanstrand 73 0 9 53100 24
    286 Kouvola Kouvola 78 0 5 45100 26
    609 Pori Björneborg 83 1 5 28100 24
    905 Vaasa Vasa 69 23 11 65100 20
    743 Seinäjoki Seinäjoki 66 0 4 60100 18
    698 Rovaniemi Rovaniemi 65 0 4 96100 20
    109 Hämeenlinna Tavastehus 68 0 5 13100 20
    491 Mikkeli St~Michel 51 0 4 50100 18
    638 Porvoo Borgå 51 28 7 06100 20
    444 Lohja Lojo 45 3 7 08100 18
    106 Hyvinkää Hyvinge 47 1 6 05800 12
    858 Tuusula Tusby 42 1 6 04300 10
    186 Järvenpää Träskända 46 1 6 04400 6
    245 Kerava Kervo 38 1 14 04200 6
    257 Kirkkonummi Kyrkslätt 41 15 10 02400 10
    543 Nurmijärvi Nurmijärvi 45 1 5 01900 10
    694 Riihimäki Riihimäki 28 0 5 11100 8
    536 Nokia Nokia 36 0 3 37100 8
    980 Ylöjärvi Ylöjärvi 34 0 2 33800 8
    211 Kangasala Kangasala 34 0 2 36200 10
    202 Kaarina S:t~Karins 36 5 5 20780 8
    680 Raisio Reso 25 1 9 21200 5
    272 Kokkola Karleby 48 13 4 67100 14
    285 Kotka Kotka 51 1 10 48100 14
    740 Savonlinna Nyslott 32 0 4 57100 14
    205 Kajaani Kajana 37 0 6 87100 12
    240 Kemi Kemi 20 0 4 94100 6
    851 Tornio Torneå 21 0 3 95400 8
    710 Raasepori Raseborg 27 64 6 10600 16
    149 Inkoo Ingå 5 52 5 10210 4
    755 Siuntio Sjundeå 6 28 6 02570 3
    322 Kemiönsaari Kimitoön 7 67 6 25700 8
    445 Parainen Pargas 15 54 5 21600 12
    499 Mustasaari Korsholm 20 68 5 65610 12
    598 Pietarsaari Jakobstad 19 54 9 68600 5
    599 Pedersören~kunta Pedersöre 11 88 3 68910 8
    893 Uusikaarlepyy Nykarleby 7 86 8 66900 8
    545 Närpiö Närpes 10 76 17 64200 6
    231 Kaskinen Kaskö 1 28 12 64260 1
    434 Loviisa Lovisa 15 40 6 07900 12
    753 Sipoo Sibbo 22 28 6 01100 6
    478 Maarianhamina Mariehamn 12 79 15 22100 3
    170 Jomala Jomala 6 86 9 22150 4
    734 Salo Salo 51 1 6 24100 20
    430 Loimaa Loimaa 15 0 5 32200 10
    529 Naantali Nådendal 20 2 3 21100 8
    684 Rauma Raumo 39 0 5 26100 10
    309 Outokumpu Outokumpu 6 0 3 83500 4
    140 Iisalmi Idensalmi 20 0 3 74100 8
    915 Varkaus Varkaus 20 0 3 78200 6
    148 Inari Enare 7 0 4 99800 8
    047 Enontekiö Enontekis 2 0 3 99400 5
"""

# Abolished: code, names, end of existence, the successor's code.
_ABOLISHED = """
    540 Nummi-Pusula Nummi-Pusula 2012-12-31 444
    223 Karjalohja Karislojo 2012-12-31 444
    835 Tammisaari Ekenäs 2008-12-31 710
    220 Karjaa Karis 2008-12-31 710
    533 Nilsiä Nilsiä 2012-12-31 297
    567 Oulunsalo Oulunsalo 2012-12-31 564
    940 Vähäkyrö Lillkyro 2012-12-31 905
    174 Juankoski Juankoski 2016-12-31 297
    532 Nastola Nastola 2015-12-31 398
    601 Perniö Bjärnå 2008-12-31 734
"""

STREET_STARTS = """
    Koivu Björk, Kuusi Gran, Mänty Tall, Haapa Asp, Leppä Al, Vaahtera Lönn, Pihlaja Rönn,
    Tammi Ek, Saarni Ask, Kataja En, Paju Vide, Lehmus Lind, Metsä Skogs, Niitty Ängs,
    Pelto Åker, Mäki Back, Harju Ås, Kallio Bergs, Kivi Sten, Hiekka Sand, Ranta Strand,
    Järvi Träsk, Lampi Tjärn, Joki Å, Puro Bäck, Koski Fors, Lähde Käll, Lahti Viks, Niemi Näs,
    Saari Holm, Suo Kärr, Kunnas Kulle, Aurinko Sol, Kuu Mån, Tähti Stjärn, Päivä Dags,
    Aamu Morgon, Ilta Kvälls, Talvi Vinter, Kesä Sommar, Syksy Höst, Kevät Vår, Tuuli Vind,
    Myrsky Storm, Pilvi Moln, Sade Regn, Halla Frost, Kotka Örn, Haukka Falk, Joutsen Svan,
    Kurki Tran, Pääsky Svalu, Kiuru Lärk, Rastas Trast, Varis Kråk, Tikka Spett, Metso Tjäder,
    Teeri Orr, Karhu Björn, Susi Varg, Hirvi Älg, Kettu Räv, Jänis Har, Orava Ekorr,
    Mäyrä Grävlings, Saukko Utter, Ilves Lo, Hauki Gädd, Ahven Abborr, Lohi Lax, Siika Sik,
    Asema Stations, Koulu Skol, Kirkko Kyrko, Mylly Kvarn, Tehdas Fabriks, Sepän Smeds,
    Kauppa Handels, Tori Torg, Satama Hamn, Silta Bro, Kartano Herrgårds, Pappila Prästgårds,
    Kylä By, Pappilan Pastors, Torppa Torpar, Uusi Ny, Vanha Gamla, Pitkä Lång, Iso Stor,
    Pikku Lill, Ylä Övre, Ala Nedre, Keski Mellan, Etelä Söder, Pohja Norr, Itä Öster,
    Länsi Väster, Mansikka Smultron, Mustikka Blåbärs, Puolukka Lingon, Vadelma Hallon, Ruusu Ros,
    Orvokki Viol, Vuokko Sippe, Kielo Konvalj, Apila Klöver, Kaisla Vass, Heinä Hö, Ruis Råg,
    Ohra Korn, Kaura Havre, Vehnä Vete, Omena Äppel, Kirsikka Körsbärs, Linna Slotts, Valli Vall,
    Puisto Park, Puutarha Trädgårds, Urheilu Idrotts, Terva Tjär, Hopea Silver, Kulta Guld,
    Rauta Järn, Kupari Koppar
"""
STREET_MIDDLES = """
    niemen näs, mäen backs, rannan strand, metsän skogs, pellon åker, niityn ängs, harjun ås,
    laakson dals, kallion bergs
"""
STREET_ENDS = """
    tie vägen, katu gatan, polku stigen, kuja gränden, kaari bågen, rinne brinken,
    raitti stråket, aukio platsen
"""


@dataclass(frozen=True)
class Municipality:
    """A municipality (kunta) with what a synthetic address needs; shares are percentages."""

    code: str
    name_fi: str
    name_sv: str
    thousands: int
    swedish: int
    other: int
    first_postal_code: int
    postal_codes: int


def municipalities() -> list[Municipality]:
    """The municipalities where synthetic people live."""
    rows = [line.split() for line in _MUNICIPALITIES.strip().splitlines()]
    return [
        Municipality(
            code,
            fi.replace("~", " "),
            sv.replace("~", " "),
            *(int(number) for number in numbers),
        )
        for code, fi, sv, *numbers in rows
    ]


def abolished() -> list[tuple[str, str, str, str, str]]:
    """(code, name_fi, name_sv, ended_on, successor_code) of municipalities that are no more."""
    return [
        (code, fi, sv, ended, successor)
        for code, fi, sv, ended, successor in (line.split() for line in _ABOLISHED.strip().splitlines())
    ]


def street_names() -> list[tuple[str, str]]:
    """Every (Finnish, Swedish) street name; those without a middle part come first."""
    starts, middles, ends = (
        [pair.split() for pair in parts.split(",")] for parts in (STREET_STARTS, STREET_MIDDLES, STREET_ENDS)
    )
    plain = [(fi + end_fi, sv + end_sv) for end_fi, end_sv in ends for fi, sv in starts]
    longer = [
        (fi + middle_fi + end_fi, sv + middle_sv + end_sv)
        for middle_fi, middle_sv in middles
        for end_fi, end_sv in ends
        for fi, sv in starts
    ]
    return plain + longer
