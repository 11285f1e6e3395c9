"""Words by which a pasted line is understood, and sentences that near misses are made of. Tables only."""

from __future__ import annotations

from typing import Final

from cleaner.types import Kind

KIND_WORDS: Final[tuple[tuple[Kind, str], ...]] = (
    ("legal", r"©|copyright|rights reserved|rechte vorbehalten|droits réservés|derechos reservados|diritti riservati"
              r"|direitos reservados|prawa zastrzeżone|práva vyhrazena|права защищены|转载|無断転載"),
    ("consent", r"\bcookies?\b|файлы cookie"),
    ("newsletter", r"newsletter|e-?mail alert|nyhetsbrev|nyhedsbrev|nieuwsbrief|uutiskirje|boletín|boletim|infolettre"
                   r"|biuletyn|zpravodaj|hírlevél|рассылк|розсилк|бюлетин|ニュースレター|メルマガ|뉴스레터"),
    ("app", r"\bapps?\b|aplika[cz]|aplicación|aplicativo|applicazione|приложени|застосун|アプリ|客户端"),
    ("comments", r"\bcomments?\b|komment|commentaire|comentari|coment[aá]r|commenti|reacties|koment|комментар|комент"
                 r"|コメント|评论|댓글"),
    ("social", r"facebook|twitter|instagram|whatsapp|telegram|tiktok|linkedin|mastodon|bluesky|weibo|微信"
               r"|follow (?:us|me)"),
    ("appeal", r"donat|donaci|doaç|donazion|spende|unterstütz|soutenez|faites un don|support (?:us|our|the work)|apoya"
               r"|apoie|sosten|sostien|steun ons|wspieraj|wesprzyj|wspiera|podpoř|podpor|пожертв|поддерж|підтрим"
               r"|支援|寄付"),
    ("subscription", r"\b(?:a|per|par|pro|im|al|por) (?:week|month|year|mois|monat|mes|mese|mês)\b|free trial"
                     r"|subscri|abonn|abonent|abonează|prenumer|předpl|predpla|suscrí|suscri|assine|assina|abbonat|tilaa"
                     r"|előfizet|подпис|підпис|абонир|购买|订阅|購読|구독"),
    ("related", r"read (?:more|also|next)|see also|related|lesen sie|mehr zum thema|lire aussi|à lire|lee también"
                r"|te puede|leggi anche|leia (?:também|mais)|lees ook|läs (?:mer|också)|læs også|les også|lue myös"
                r"|czytaj|čtěte|nepřehlédn|čítajte|читайте|читати|прочетете|olvassa|citește|関連記事|相关"),
    ("advert", r"\badvert|\banzeige\b|\bpublicité\b|\bpublicidad|\bpubblicit|\breklam|\bрекл|広告|广告"),
    ("caption", r"\bphotos?(?:graph)?\b|\bfotos?\b|\bpictured?\b|\bbild:|getty|reuters|\bafp\b|\bimages?\b|фото"
                r"|写真|图"),
    ("biography", r"\bis an? [\w ,-]{0,40}(?:reporter|journalist|editor|columnist|correspondent|writer)\b"),
    ("byline", r"^(?:by|von|par|por|di|door|av|af|przez|text|autor)\b|updated|published|aktualisiert|publié|publicado"
               r"|pubblicato|bijgewerkt|opublikowano|aktualizov|обновлено|опубликован"),
    ("media", r"\bvideos?\b|\bpodcast|\bwatch\b|видео|動画|视频"),
)  # fmt: skip
"""Kinds with a regex of the words that give them away, in lower case; the first that is found counts."""

KIND_WHY: Final[dict[Kind, str]] = {
    "appeal": "Donation appeal", "subscription": "Subscription prompt", "newsletter": "Newsletter prompt",
    "app": "Prompt to install the app", "social": "Share or follow prompt", "related": "Link to another article",
    "navigation": "Navigation", "byline": "Byline or date line", "biography": "Note about the author",
    "caption": "Caption or credit of a picture", "advert": "Advertisement or its label", "consent": "Consent notice",
    "comments": "Prompt of the comment section", "legal": "Legal notice", "media": "Label of a player",
    "headline": "Headline", "standfirst": "Standfirst", "repeat": "Text that stands twice", "other": "Line",
}  # fmt: skip

MONTHS: Final = (
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec januar jänner februar märz mai juni juli oktober dezember okt dez janvier février mars "
    "avril juin juillet août septembre octobre novembre décembre janv févr avr juil déc enero febrero marzo abril "
    "mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio "
    "settembre ottobre dicembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro januari "
    "februari maart mei augustus augusti stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia ledna února března dubna května června července srpna září října listopadu "
    "prosince января февраля марта апреля мая июня июля августа сентября октября ноября декабря січня лютого березня "
    "квітня травня червня липня серпня вересня жовтня листопада грудня"
)
"""Names of months as they stand behind a day."""
LETTERS: Final[dict[str, str]] = {
    "cs": "ěřů", "sk": "ľĺŕ", "pl": "łąęśż", "hu": "őű", "ro": "ășț", "tr": "ğış", "de": "ß", "es": "ñ¿¡", "pt": "ãõ",
    "uk": "їєґ", "ru": "ыэё", "bg": "ъ", "fr": "œèê", "sv": "å",
}  # fmt: skip
"""Letters that tell a language where nothing else does; the first that has one counts."""

FUNCTION_WORDS: Final[dict[str, str]] = {
    "en": "the our your and for with of to from this",
    "de": "der die das und für unser unsere unseren sie mit auf den dem ihren",
    "fr": "le les des et pour votre nos vous notre une du dans sur",
    "es": "el los y para nuestro nuestra su con tu las una nuestros",
    "it": "il gli per e della di nostra nostro alla con tua le",
    "pt": "o os e para nosso nossa com da do não uma as sua",
    "nl": "de het een voor en van onze met uw op je",
    "pl": "i w na nasz nasze dla się z do nie twoje naszego",
    "cs": "a v na náš naše pro se z do ze svůj našeho nás",
    "sk": "a v na náš naše pre sa z do zo nášho nás",
    "sv": "och för vår vårt med på att till av ditt",
    "da": "og for vores med på at til af dit det",
    "no": "og for vår vårt med på å til av ditt",
    "fi": "ja on meidän tämä että voit",
    "hu": "a az és hogy nem iratkozzon hírlevelünkre legyen",
    "ro": "și pentru nostru noastră la din cu pe",
    "tr": "ve için bir bu ile olun bizim",
    "ru": "и в на наш нашу для с по не нас",
    "uk": "і в на наш нашу для з по не та",
    "bg": "и в на нашия нашата за с по не се",
}
DOMAINS: Final[dict[str, str]] = {
    "at": "de", "ch": "de", "mx": "es", "ar": "es", "cl": "es", "pe": "es", "br": "pt", "be": "nl", "cz": "cs",
    "se": "sv", "dk": "da", "ua": "uk", "gr": "el", "jp": "ja", "cn": "zh", "tw": "zh", "kr": "ko", "uk": "en",
    "us": "en", "au": "en", "ie": "en", "nz": "en",
    "de": "de", "fr": "fr", "es": "es", "it": "it", "pt": "pt", "nl": "nl", "pl": "pl", "sk": "sk", "no": "no",
    "fi": "fi", "hu": "hu", "ro": "ro", "tr": "tr", "ru": "ru", "bg": "bg",
}  # fmt: skip
"""Top-level domains and the language most papers there are written in."""

NEAR: Final[dict[str, tuple[str, str]]] = {
    "en": ('For years the sign at the ferry said "{said}", and nobody took it down.',
           "The chapter on the words {words} takes up half of her book."),
    "de": ("Auf dem Schild an der Fähre stand jahrelang „{said}“, und niemand nahm es ab.",
           "Das Kapitel über die Wörter {words} nimmt die Hälfte ihres Buches ein."),
    "fr": ("Sur le panneau du bac, on a lu pendant des années « {said} », et personne ne l'a retiré.",
           "Le chapitre sur les mots {words} occupe la moitié de son livre."),
    "es": ("En el cartel del muelle se leyó durante años «{said}», y nadie lo quitó.",
           "El capítulo sobre las palabras {words} ocupa la mitad de su libro."),
    "it": ("Sul cartello del molo si è letto per anni «{said}», e nessuno lo ha tolto.",
           "Il capitolo sulle parole {words} occupa metà del suo libro."),
    "pt": ("Na placa do cais leu-se durante anos «{said}», e ninguém a tirou.",
           "O capítulo sobre as palavras {words} ocupa metade do livro dela."),
    "nl": ('Op het bord bij de veerpont stond jarenlang "{said}", en niemand haalde het weg.',
           "Het hoofdstuk over de woorden {words} beslaat de helft van haar boek."),
    "pl": ("Na tablicy przy promie przez lata widniał napis „{said}”, a nikt go nie zdjął.",
           "Rozdział o słowach {words} zajmuje połowę jej książki."),
    "cs": ("Na tabuli u přívozu stálo celá léta „{said}“ a nikdo ji nesundal.",
           "Kapitola o slovech {words} zabírá polovinu její knihy."),
    "sk": ("Na tabuli pri kompe stálo celé roky „{said}“ a nikto ju nezvesil.",
           "Kapitola o slovách {words} zaberá polovicu jej knihy."),
    "sv": ('På skylten vid färjan stod det i åratal "{said}", och ingen tog ner den.',
           "Kapitlet om orden {words} tar upp halva hennes bok."),
    "da": ('På skiltet ved færgen stod der i årevis "{said}", og ingen tog det ned.',
           "Kapitlet om ordene {words} fylder halvdelen af hendes bog."),
    "no": ("På skiltet ved fergen sto det i årevis «{said}», og ingen tok det ned.",
           "Kapitlet om ordene {words} fyller halve boken hennes."),
    "fi": ('Lautan kyltissä luki vuosia "{said}", eikä kukaan ottanut sitä pois.',
           "Luku sanoista {words} vie puolet hänen kirjastaan."),
    "hu": ("A komp tábláján évekig az állt, hogy „{said}”, és senki sem vette le.",
           "Könyvének fele a következő szavakról szól: {words}."),
    "ro": ("Pe panoul de la bac a scris ani de zile „{said}”, și nimeni nu l-a dat jos.",
           "Capitolul despre cuvintele {words} ocupă jumătate din cartea ei."),
    "tr": ('İskelenin levhasında yıllarca "{said}" yazdı ve kimse onu indirmedi.',
           "Kitabının yarısı {words} sözcükleri üzerinedir."),
    "ru": ("На щите у парома годами было написано «{said}», и никто его не снимал.",
           "Глава о словах {words} занимает половину её книги."),
    "uk": ("На щиті біля порома роками було написано «{said}», і ніхто його не знімав.",
           "Розділ про слова {words} займає половину її книжки."),
    "bg": ("На табелата до ферибота години наред пишеше „{said}“ и никой не я свали.",
           "Главата за думите {words} заема половината от книгата ѝ."),
    "el": ("Στην πινακίδα του πορθμείου έγραφε για χρόνια «{said}» και κανείς δεν την κατέβασε.",
           "Το κεφάλαιο για τις λέξεις {words} πιάνει το μισό βιβλίο της."),
    "ja": ("渡し場の看板には長年「{said}」と書かれていたが、誰も外さなかった。",
           "彼女の本の半分は{words}という言葉の話だ。"),
    "zh": ("渡口的牌子上多年写着“{said}”，一直没有人摘下来。", "她的书有一半在讲{words}这几个词。"),
    "ko": ('나루터 간판에는 몇 년 동안 "{said}"라고 적혀 있었지만 아무도 떼지 않았다.',
           "그의 책 절반은 {words}라는 말에 관한 것이다."),
    "ar": ("ظلت لافتة المعدّية تقول «{said}» سنوات ولم ينزعها أحد.", "يشغل الفصل عن الكلمات {words} نصف كتابها."),
}  # fmt: skip
"""For each language a sentence that quotes the wording, and one that tells of its words."""

INVENTED: Final[dict[str, str]] = {
    "en": "Ada Prowse", "de": "Jette Marquard", "fr": "Odile Marchant", "es": "Elvira Montalbo", "it": "Nives Corradi",
    "pt": "Ivone Bragança", "nl": "Femke Dijkman", "pl": "Hania Borowik", "cs": "Alžběta Mlynská",
    "sk": "Zora Hrušková", "sv": "Tyra Lindfalk", "da": "Maren Toftgaard", "no": "Ragnhild Myrvang",
    "fi": "Helmi Rantakallio", "hu": "Kerekes Boróka", "ro": "Ilinca Morărescu", "tr": "Defne Aksungur",
    "ru": "Злата Рощина", "uk": "Злата Гайович", "bg": "Невена Калоянова", "el": "Ηώ Καλλέργη",
}  # fmt: skip
"""For each language the name of nobody, for examples: a rule file names no private persons."""

NO_PERSON: Final = (
    "agency agentur archiv archive anzeiger blatt bulletin chronicle courier daily echo gazette getty herald images "
    "international journal kurier lehti lehtikuva media museum nachrichten news newspaper observer photo photos "
    "pictures pool post press presse sanomat star stock studio sun tageblatt tagblatt telegraph times tribune "
    "tidning university uutiset verlag zeitung"
)
"""Words of papers and agencies: a credit that says one names no person there."""
