"""Given names and surnames for synthetic people, most common first.

The project's own compact lists, ordered after the facts of published Finnish name statistics: which names
were common among the newborn of a time, and which surnames are common now. `names.py` composes a long tail.
"""

# Births up to the year in the key; a name list stands for the newborn since the key before it.
FINNISH_WOMEN = {
    1929: """
        Aino Anna Helmi Aili Martta Helvi Elli Hilja Aune Saimi Toini Kerttu Elsa Irja Sylvi Lempi Tyyne
        Lyyli Siiri Hilda Ida Alli Rauha Impi Laina Saima Senja Vieno Eine Hellin Fanni Elma Olga Tekla
        Aina Katri Ester Jenny Kaisa Ellen Linnea Eeva Kyllikki Inkeri Orvokki Annikki Katariina
    """,
    1949: """
        Anja Ritva Eila Pirkko Raili Irma Aila Terttu Seija Marjatta Tuula Kaarina Liisa Leena Maija
        Helena Sirkka Hilkka Anneli Kirsti Marja Vappu Irja Laila Eeva Raija Maire Kaija Elina Rauni Aune
        Pirjo Hellevi Mirja Tellervo Orvokki Annikki Inkeri Sinikka Maria Kyllikki Mirjam Sisko Meeri Eine
        Vieno
    """,
    1964: """
        Pirjo Ritva Leena Tuula Marja Anne Päivi Raija Eija Seija Liisa Sirpa Arja Merja Riitta Kirsti
        Aino Marjo Helena Anneli Kaarina Marjatta Tarja Eeva Irma Pirkko Hannele Sinikka Maarit Jaana Anna
        Outi Tiina Kristiina Elina Maija Ulla Sari Virpi Birgit Kaisa Mervi Auli Orvokki Annikki Maria
    """,
    1979: """
        Minna Sari Tiina Katja Mari Päivi Kirsi Satu Anne Jaana Heli Susanna Johanna Nina Marika Sanna
        Outi Mervi Virpi Hanna Merja Tanja Niina Kati Petra Anu Heidi Marjo Anna Maarit Riikka Maria Tuija
        Mirva Elina Kristiina Hannele Marjaana Annukka Leena Helena Katariina Taina Pia Nelli Taru Saija
    """,
    1994: """
        Laura Jenni Anna Hanna Sanna Heidi Elina Riikka Emmi Katja Johanna Jonna Noora Essi Tiia Suvi
        Salla Mari Henna Maria Piia Janina Nina Satu Annika Emilia Susanna Veera Sini Saara Marika Kaisa
        Milla Iida Jutta Miia Kristiina Katariina Helena Maarit Eveliina Sofia Karoliina Johanna Krista
        Minna Heini
    """,
    2009: """
        Emma Sara Venla Iida Aino Ella Emilia Siiri Julia Anni Veera Nea Jenna Oona Roosa Viivi Vilma
        Laura Sofia Noora Aada Pinja Jasmin Milla Saana Enni Iina Eveliina Maija Elli Helmi Anna Ronja
        Nelli Amanda Senni Neea Maria Katariina Olivia Aurora Johanna Susanna Elina Inka Peppi Ida
    """,
    2100: """
        Aino Eevi Emma Sofia Olivia Lilja Helmi Venla Ella Isla Ellen Aada Linnea Aava Elsa Hilla Iida
        Alma Oona Fanni Pihla Lumi Viola Saimi Hilma Elli Vilma Seela Siiri Kerttu Mila Minea Edith Alisa
        Sara Ronja Anni Hertta Enni Nella Elna Maria Aurora Matilda Amanda Juuli Mimosa
    """,
}
FINNISH_MEN = {
    1929: """
        Toivo Eino Väinö Veikko Onni Arvo Tauno Urho Vilho Viljo Yrjö Kalle Reino Antti Armas Heikki Lauri
        Paavo Eero Uuno Aarne Emil Oskari Vihtori Juho Matti Kaarlo Nestori Johannes Ilmari Olavi Kustaa
        Aukusti Hjalmari Niilo Otto Valtteri Einari Taavi Artturi August Sulo Jalmari Hugo Martti
    """,
    1949: """
        Pentti Raimo Matti Reijo Seppo Erkki Jorma Kari Pekka Heikki Martti Veikko Esko Paavo Kalevi Eero
        Kauko Taisto Aarne Lauri Olavi Antti Ilmari Johannes Tapani Tapio Juhani Antero Ensio Aulis Pertti
        Keijo Hannu Risto Timo Unto Viljo Onni Mauno Mikko Reino Veli Armas Jaakko Toivo Oiva
    """,
    1964: """
        Kari Jorma Hannu Pekka Timo Matti Markku Ilkka Jukka Juha Pertti Risto Seppo Heikki Esa Ari Jouko
        Jari Arto Raimo Olavi Juhani Tapio Antero Kalevi Tapani Johannes Ilmari Veli Harri Reijo Eero
        Mauri Erkki Martti Jouni Heimo Jarmo Ensio Olli Lauri Mikael Petri Vesa Pentti Kimmo
    """,
    1979: """
        Jari Mika Juha Marko Petri Timo Janne Sami Jani Kimmo Pasi Jukka Vesa Tero Harri Ari Mikko Toni
        Jarmo Antti Teemu Tommi Jouni Jarkko Esa Kai Arto Ville Juhani Tapani Tapio Antero Olavi Kalevi
        Johannes Mikael Ilmari Pekka Olli Heikki Ilkka Sakari Matti Tuomas Tomi Aki Rami
    """,
    1994: """
        Mikko Antti Ville Juho Jussi Heikki Janne Tuomas Joni Lauri Matti Timo Teemu Henri Jukka Toni Jari
        Niko Juha Mika Sami Jani Joonas Aleksi Tommi Olli Jesse Juuso Markus Juhani Mikael Johannes
        Petteri Tapio Olavi Antero Samuli Pekka Henrik Kristian Otto Eetu Kalle Arttu Miika
    """,
    2009: """
        Eetu Joona Veeti Juho Lauri Aleksi Arttu Leevi Niko Matias Jere Onni Oskari Elias Roope Eemeli
        Juuso Ville Otto Valtteri Rasmus Joonas Aaro Jesse Antti Konsta Aapo Kalle Eino Santeri Oliver
        Julius Niklas Johannes Mikael Juhani Olavi Oliver Henri Samuel Tapio Luukas Topi Emil Miro
    """,
    2100: """
        Leo Eino Väinö Oliver Onni Elias Eeli Toivo Leevi Noel Niilo Oiva Otso Emil Hugo Eeti Vilho Nooa
        Joona Lenni Elmeri Luukas Aatos Viljami Matias Eetu Hemmo Benjamin Alvar Aarni Oskari Urho Paavo
        Lauri Kaapo Veikko Anton Daniel Juhani Olavi Mikael Ilmari Johannes Samuel Akseli Milo
    """,
}
SWEDISH_WOMEN = {
    1949: """
        Margareta Anna Maria Elisabet Gunnel Ulla Birgitta Gunvor Inga Astrid Greta Karin Märta Ingrid
        Svea Gerda Barbro Ruth Dagny Hjördis Rut Britta Solveig Doris Saga Elsa Helga Ingeborg Linnéa
        Viola
    """,
    1979: """
        Maria Anna Christina Monica Carina Gunilla Susanne Ann-Christin Camilla Annika Birgitta Marina Eva
        Lena Margaretha Helena Yvonne Maj-Britt Pia Kristina Ulrika Catarina Mikaela Annette Siv Ann-Sofi
        Bodil Tina
    """,
    2100: """
        Emma Ida Sofia Linnea Ellen Saga Alma Ebba Wilma Julia Alva Elsa Stella Freja Matilda Amanda
        Olivia Nellie Signe Felicia Jenny Hanna Sara Maria Johanna Isabella Malin Sandra Alexandra Moa
        Tilde Cecilia Elin
    """,
}
SWEDISH_MEN = {
    1949: """
        Karl Johannes Erik Gustav Alfred Göran Nils Sven Bertel Gunnar Åke Börje Bror Holger Torsten
        Ragnar Allan Olof Helge Valdemar Birger Lars Anders Sigurd Rolf Runar Elis Edvin Artur Verner
    """,
    1979: """
        Kjell Bo Lars Jan Peter Stefan Mikael Anders Kaj Tom Christer Johan Mats Ralf Bengt Tage Kenneth
        Henrik Thomas Niklas Fredrik Patrik Jan-Erik Karl-Johan Nils-Erik Carl-Gustav Göran Håkan Dan
        Roger
    """,
    2100: """
        Oliver William Lucas Emil Elias Benjamin Leo Liam Anton Viktor Axel Melvin Edvin Alexander
        Sebastian Robin Jonathan Filip Simon Daniel Mattias Rasmus Kevin Oscar Linus Hugo Theo Max Casper
        Sigge Folke
    """,
}
RUSSIAN = (
    """
        Anastasia Maria Elena Olga Natalia Irina Tatiana Svetlana Ekaterina Anna Julia Marina Galina
        Ljudmila Valentina Oksana Viktoria Nadezhda Larisa Polina Sofia Daria Alina Vera Ksenia Alisa Inna
        Zhanna Raisa Tamara
    """,
    """
        Aleksandr Sergei Dmitri Andrei Aleksei Vladimir Mikhail Ivan Igor Nikolai Juri Viktor Pavel Oleg
        Maksim Artjom Anatoli Denis Anton Roman Evgeni Daniil Kirill Konstantin Vjatšeslav Valeri Boris
        Timofei Gleb Lev
    """,
    """
        Ivan Smirn Kuznets Pop Vasil[j]ev Petr Sokol Mihajl Novik Fjodor Moroz Volk Aleksej Lebed Semjon
        Jegor Pavl Kozl Stepan Nikolaj Orl Andrej Makar Nikit Zahar Zajts Solovj Boris Jakovl Grigorj
        Roman Vorobj Sergej Frol Aleksandr Dmitrij Koroljov Gus Kisel Iljin Maksim Poljak Sorok Vinograd
        Kovalj Bel Medved Anton Taras Zhuk Baran Filipp Komar Davyd Beljaj Gerasim Bogdan Osip Sidor
        Matvej Tit Mironov Krylov
    """,
)
ESTONIAN = (
    """
        Maria Kristi Liis Kadri Kersti Triin Anneli Tiina Piret Kaja Merle Helen Kristiina Anu Siret Mari
        Ülle Riina Kaire Liina Katrin Eve Heli Maarika Tiiu Kätlin Jaanika Laura Sirje Evelin
    """,
    """
        Andres Martin Priit Rein Jaan Toomas Margus Urmas Tarmo Indrek Raivo Aivar Tõnu Mart Kristjan
        Rasmus Meelis Kalev Erki Ain Siim Marek Taavi Ivo Jüri Sander Ants Kaarel Peeter Madis
    """,
    """
        Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Koppel Luik Oja Raudsepp Kuusk Karu Kütt Põder
        Lepik Vaher Kallas Lepp Mets Laur Teder Kivi Jõgi Roos Ots Kõiv Peterson Sild Liiv Lind Jürgenson
        Kangur Toom Hunt Kuus Arro Nõmm Uibo Kikas Soosaar Raud Leht Allik Põld Paju Sarapuu Toots
        Kallaste Viira Aas Randma Aavik
    """,
)
NEAR_EAST = (
    """
        Fatima Amina Maryam Zahra Zainab Khadija Aisha Hodan Halima Sara Noor Layla Huda Rania Sahra Hawa
        Asha Shirin Leila Nasrin Parisa Farah Hana Ikram Samira Yasmin Safiya Dilan Rojin Maryan
    """,
    """
        Mohamed Ahmed Ali Abdi Hassan Hussein Omar Ibrahim Yusuf Mahmoud Mustafa Abdullah Khalid
        Abdirahman Mahad Karim Reza Mehdi Hamid Amir Said Osman Jamal Bilal Ismail Zakaria Farhad Azad
        Salah Mohammad
    """,
    """
        Mohamed Ali Hassan Ahmed Abdi Hussein Omar Ibrahim Yusuf Mohamud Osman Al-Tamimi Al-Saadi Hosseini
        Ahmadi Mohammadi Rezaei Karimi Haji Farah Warsame Nur Said Jama Abdullahi Salah Hamid Khalil
        Mustafa Jabbar Kareem Al-Jabiri Rahimi Haidari Noori Sharifi Amiri Rostami Moradi Khan Aziz Saleh
        Mahdi Abbas Isse Duale Barre Yildiz Demir Kaya Çelik Şahin Aydin Arslan Doğan Özdemir Kurt Aslan
        Tekin Güneş
    """,
)
EAST_ASIAN = (
    """
        Lan Mai Hoa Thu Linh Thao Ngoc Huong Trang Anh Li Mei Xiu Yan Fang Jing Na Suda Malee Somjai Kanya
        Ratana Pranee Duangjai Nittaya Maria Grace Angelica Joy Rose
    """,
    """
        Minh Tuan Hung Dung Nam Long Hai Quang Duc Khanh Wei Jun Ming Hao Lei Bo Somchai Anan Niran Prasit
        Chai Wichai Kittisak Raj Amit Sanjay Rahul Deepak Jose Mark
    """,
    """
        Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do Ho Ngo Duong Ly Wang Li Zhang Liu Chen Yang Huang
        Zhao Wu Zhou Xu Sun Ma Zhu Saetang Srisai Thongchai Kaewkham Boonmee Chaiyasit Singh Kumar Sharma
        Patel Gurung Thapa Shrestha Rai Tamang Adhikari Santos Reyes Cruz Garcia-Ramos Bautista Mendoza
        Villanueva dela~Cruz delos~Santos
    """,
)
WESTERN = (
    """
        Anna Maria Laura Sarah Julia Katharina Elizabeth Jennifer Emma Sophie Claudia Monika Barbara
        Agnieszka Elena Carmen Isabel Chiara Francesca Marta Joanna Katarzyna Drita Arta Valbona Ioana
        Andreea Zsófia Eszter Marie
    """,
    """
        Michael David Thomas Daniel Andreas Christian James John Robert Peter Paul Martin Stefan Alexander
        Marco Luca Antonio José Carlos Miguel Pierre Jean Piotr Tomasz Krzysztof Agim Arben Besnik László
        Andrei
    """,
    """
        Smith Jones Taylor Brown Wilson Müller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann
        Dubois Martin Bernard Moreau García López Martínez Fernández González Rossi Russo Ferrari Bianchi
        Nowak Kowalski Wiśniewska Wójcik Krasniqi Gashi Berisha Hoxha Shala Popescu Ionescu Nagy Kovács
        Szabó O'Brien O'Connor McDonald de~Vries van~den~Berg van~Dijk da~Silva dos~Santos de~la~Cruz
        Andersen Hansen Olsen Larsen Nielsen Jensen Jovanović Petrović
    """,
)
FINNISH_SURNAMES = """
    Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen
    Lehtinen Saarinen Niemi Salminen Heinonen Heikkilä Salonen Kinnunen Turunen Salo Laitinen Tuominen
    Rantanen Karjalainen Jokinen Mattila Savolainen Lahtinen Ahonen Leppänen Hiltunen Väisänen Pitkänen
    Miettinen Ojala Manninen Aaltonen Kallio Räsänen Koivisto Partanen Leinonen Anttila Mustonen Hakala
    Peltonen Laaksonen Hirvonen Lehto Nurmi Toivonen Laakso Huttunen Honkanen Harju Hakkarainen Karppinen
    Kettunen Rissanen Pesonen Seppälä Lindholm Kokkonen Mikkonen Kemppainen Halonen Nurminen Peltola
    Moilanen Rautiainen Niskanen Väänänen Lappalainen Kokko Tamminen Rajala Hyvönen Vainio Oksanen Heino
    Myllymäki Kauppinen Karvonen Nykänen Nevalainen Eskola Jääskeläinen Pulkkinen Tikkanen Kauppila
    Sallinen Immonen Hänninen Parviainen Lampinen Eskelinen Kuusisto Pelkonen Simola Kangas Vuorinen
    Ylönen Pöllänen Ruuska Kärkkäinen Koponen Juntunen Mäki Tolonen Parkkinen Koskela Leskinen Sirviö
    Lipponen Suominen Pietilä Sillanpää Holopainen Komulainen Puustinen Paananen Hietala Kärki Haapala
    Viitanen Jaakkola Luoma Hautala Ikonen Ruotsalainen Timonen Vesterinen Asikainen Vartiainen Pennanen
    Tervo Huhtala Ketola Rönkkö Haapanen Kivelä Viljanen Alatalo Hartikainen Soininen Vuori Ranta Ylitalo
    Haataja Rossi Ollila Mänty Lindqvist Hakanen Kuisma Piirainen Heiskanen Martikainen Ruohonen
    Kilpeläinen Uusitalo Kainulainen Sipilä Lindroos Rinne Aalto Uotila Tiainen Ryhänen Tähtinen
    Uusi-Kokko Ala-Mäki Yli-Luoma Iso-Aho Vähä-Salo
"""
SWEDISH_SURNAMES = """
    Johansson Nyman Lindholm Karlsson Andersson Eriksson Lindström Lindqvist Nyberg Holmström Wikström
    Lindberg Sundqvist Söderholm Forsman Blomqvist Nylund Bergman Sjöblom Grönroos Ekholm Björklund
    Henriksson Lindroos Backman Sjöberg Sundström Lönnqvist Holmberg Söderström Sandström Öhman Gustafsson
    Sundberg Granqvist Forsström Westerlund Nordström Enqvist Mattsson Jansson Hellström Fagerström Nygård
    Söderlund Höglund Österholm Engström Ahlström Åkerlund Häggblom Snellman Wik Kronqvist Rosenqvist
    Stenman Fagerholm Ström Käld Norrgård Storbacka Knuts Ingves Smeds
"""

# Parts of which rarer names are composed.
FINNISH_STEMS = """
    Aalto Aho Alho Anto Apaja Aro Autio Haapa Haka Halla Hanka Hanhi Harja Harju Hauka Hauta Havu Heikki
    Heinä Helmi Hete Hiekka Hiisi Hirsi Hirvi Hongas Honka Huhta Huovi Hurme Huuhka Hyppö Hyöty Ilma Ilo
    Isto Jaakko Jalava Joki Joutsi Juho Jumppa Junni Juva Järvi Jääski Kaarna Kaisla Kaiva Kalaja Kallas
    Kallio Kangas Kannus Kanto Karhu Kari Karppa Kartano Kaski Kataja Katko Kaura Keko Kello Kenttä Kerko
    Kesti Keto Kettu Kiiski Kilpi Kirves Kivi Koivu Kolkka Konka Koppelo Korho Korkea Korpi Koski Kotka
    Kouvo Kuha Kulma Kunnas Kurki Kurje Kuusi Kyllö Kytö Käpy Kärki Laakso Laho Lahti Laine Laiti Lammi
    Lampi Lanki Lappa Latva Lauri Lehmus Lehti Lehto Leino Lepistö Leppä Liedes Lieto Liina Lohi Luhta
    Lukka Luoma Luoto Luukko Lähde Maja Malmi Mansi Marja Matti Mehto Metso Metsä Miekka Muho Mursu Musta
    Mutka Mylly Mäki Mänty Nappi Niemi Niitty Nisula Niva Noro Nuutti Nurmi Näre Oinas Oja Oksa Olki Onni
    Otava Paasi Paju Pakka Palo Parkki Pato Pekka Pelto Perho Petäjä Piha Pihka Pihlaja Piili Pirtti Pitkä
    Pohja Poru Puro Puisto Pukki Pulkka Punta Purje Päivä Raivio Raja Ranta Rasi Rastas Rauha Rautio Repo
    Riihi Rinta Ristola Rita Ruis Ruoho Ruusu Räihä Saari Sahra Sainio Salmi Salo Sammal Santa Sarka Savi
    Savo Seppä Sieppo Siika Silta Simo Sini Sirkka Sora Sotka Suo Suvi Syrjä Särkkä Taimi Talvi Tammi
    Tanner Tapio Taura Tervas Tiainen Tikka Toivo Torvi Tuisku Tuomi Tupa Turku Tuuli Tyni Törmä Ukko Uita
    Ulpu Urpo Utri Uusi Vaara Vahva Vainio Vaitti Valko Valta Varis Varpu Vehka Vesi Vieri Viita Viljo
    Vira Virta Voima Vuori Väinö Väli Yli Ylä Äijö Ämmä Äyrä
"""
SUFFIXES = "nen la mo sto"  # endings that join a vowel stem only
FINNISH_ENDINGS = """
    nen la niemi mäki lahti ranta saari salo järvi vaara korpi koski maa oja lampi aho harju kangas luoma
    pelto suo virta vuori kallio kivi pää mo sto vainio kari puro kumpu metsä talo
"""
SWEDISH_STEMS = """
    Lind Berg Björk Ek Sund Holm Sjö Ny Norr Söder Väster Öster Sand Gran Grön Blom Rosen Ros Hell Hed
    Hägg Fors Ström Strand Sten Stål Silver Gyllen Gull Frid Fager Falk Lager Lilje Löf Löv Mal Mo Natt
    Ahl Al Asp Ask Back Bad Bo Dahl Eng Elf Häll Hög Kron Kull Lund Lång Nord Näs Nygård Palm Rönn Sil
    Skog Solv Spång Stor Svan Tall Torn Wahl Wall West Vik Wik Vester Åker Åkers Ås Ängs Österlund Öhl Örn
    Cronz Ceder Domar Engs Finn Flod Forss Glad Haga Hult Krok Kvarn Mar Mattas Myr Råd Röd Segel Sol
"""
SWEDISH_ENDINGS = """
    ström berg man qvist lund gren holm blom roos bäck fors dahl sten vall felt stedt bom borg näs vik ros
    lid ås hammar hjelm stam
"""
NOBLE_STEMS = """
    Lagersköld Granfelt Stjernhjelm Björkesund Rönnskär Kvarnhjelm Silfvernäs Tallhammar Åkersköld
"""
RARE_BEGINNINGS = (
    "Ai Al Ar Ei El Em Eri Hel Hil Il In Jal Juu Kai Kal Lai Lem Lii Mai Mar Mil Nei Oi Ol Rau Sai Sel"
)
RARE_WOMEN = "la na vi mi ja ri nelma sikki tta ska lia riina vikki nukka"
RARE_MEN = "mo ri kko vo po mari tero hko rik sko vari merkki to lo"
