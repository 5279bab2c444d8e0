"""What mail programs write around quoted history, by language: the words, and how a line of them is recognised."""

from __future__ import annotations

import re

#: The mark of an HTML element that says itself where history begins; never left in a text.
CUT_MARK = "\ue001"
#: The mark of an HTML element that introduces a quotation ("On … wrote:"), whatever its language.
ATTRIBUTION_MARK = "\ue000"

_WROTE = (
    "wrote|writes|said|has written"
    "|a écrit|écrit|a ecrit|à écrit|a envoyé|a répondu"
    "|schrieb|schreibt|geschrieben|hat geschrieben"
    "|escribió|escribio|ha escrito|escribi[oó] lo siguiente"
    "|ha scritto|scrisse|scrive|ha inviato"
    "|schreef|schreven|geschreven|het volgende"
    "|escreveu|escreveram|enviou"
    "|napisał|napisała|napisał\\(a\\)|pisze|wrote/napisał"
    "|skrev|skriver|skrev følgende|följande|følgende"
    "|kirjoitti|napsal|napsal\\(a\\)|napísal|napísala|píše"
    "|написал|написала|написал\\(а\\)|пишет|пише|написав|написала|писал|писав"
    "|写道|寫道|写到|写了|のメール|さんは書きました|さんの書き込み|が書きました|님이 작성|작성"
    "|írta|ezt írta|a scris|scris|yazdı|şunu yazdı|şunları yazdı|έγραψε|a scrit|va escriure|rašė|rakstīja|kirjutas"
    "|đã viết|menulis|napisao|je napisao|написа|כתב|כתבה|‏מאת|كتب"
)
_STARTS = (
    "on|at|le|am|den|der|el|il|op|em|no dia|a|à|da|w dniu|dnia|d\\.|på|dne|dňa|v|во?|у|la|pe data|στις|tarihinde"
    "|在|于|vào|pada|dana|el día|el dia|date|datum|fecha|data|in a message dated"
)
# All below reads what strangers wrote, so nothing may try the same characters in many ways: leads are possessive,
# and a verb is looked for on its own (`WROTE`, `WROTE_AT_END`) rather than behind a gap of any length.
WROTE = re.compile(rf"(?<!\w)(?:{_WROTE})(?!\w{{3}})", re.IGNORECASE)
WROTE_AT_END = re.compile(rf"(?:{_WROTE})$", re.IGNORECASE)
#: "On 3 May 2026", before a verb: the beginning of "On 3 May 2026 at 10:00, Jo <jo@x.org> wrote:".
DATED_START = re.compile(
    rf"[\s>*|_\"'–—-]*+(?:(?:(?:{_STARTS})\b|en date de ?:)[^:\n]{{0,40}}?\d"
    r"|[^\W\d_]{2,14}[.,]{0,2}\s(?:den |dia |el )?\d{1,2}\b|\d{1,4}[./\s年년-]\s?\w)",
    re.IGNORECASE,
)
#: "Jo <jo@x.org>", before a verb: the beginning of "Jo <jo@x.org> wrote:", with or without a date after it.
NAMED_START = re.compile(
    r"[\s>*]*+[^:<>\n]{0,80}?[<(\[]\s?(?:mailto:)?[^\s<>@(\[]{1,200}@[^\s<>@)\]]{1,255}[>)\]]", re.IGNORECASE
)
#: "2026-05-03 10:00 GMT+02:00 Jo <jo@x.org>:": a date, a time and a name, no verb.
BARE_ATTRIBUTION = re.compile(
    r"^[\s>*]*+(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?)(?:\s*[（(].{1,4}[)）])?(?:,?\s+(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?)?"
    r"(?:\s+(?:GMT|UTC)?\s?[+-]\d{1,2}:?\d{2})?,?\s+\S.{1,200}$",
    re.DOTALL,
)
#: "4 May 2026, 10:15 by jo@x.org:" (Tuta).
DATED_BY = re.compile(
    r"^[\s>*]*+(?:\d{1,2}\.?\s(?:de\s)?[^\W\d]{3,12}\.?,?|[^\W\d]{3,12}\.?\s\d{1,2},)\s(?:de\s)?(?:19|20)\d\d,?"
    r"\s(?:(?:at|à|um|alle|a las|às|om)\s)?\d{1,2}[:.h]\d\d(?:\s?[AP]M)?"
    r"\s(?:by|de|von|da|van|por|från|fra|od)\s[^\s@]{1,200}@[^\s@]{1,255}:$",
    re.IGNORECASE,
)
#: "Quoting Jo <jo@x.org>:" (Horde).
QUOTING = re.compile(
    r"^[\s>*]*+(?:quoting|zitat von|selon|citando|citazione|citeren|citação de|citace|cytowanie|quotando)\s"
    r"[^<>@]{0,80}<?[^\s<>@]{1,200}@[^\s<>@]{1,255}>?\s?:$",
    re.IGNORECASE,
)
#: A year, then an address, or an address, then a year and a time, whatever stands between.
ANY_ATTRIBUTION = re.compile(
    r"^[\s>*]*+(?:\S.{0,70}?(?<!\d)(?:19|20)\d\d(?!\d).{0,90}?<[^<>\s@]{1,200}@[^<>\s@]{1,255}>.{0,30}"
    r"|[^:]{0,70}?<[^<>\s@]{1,200}@[^<>\s@]{1,255}>.{0,40}?(?<!\d)(?:19|20)\d\d(?!\d)"
    r".{0,40}?\d[:.]\d\d.{0,25})[:：]$",
    re.DOTALL,
)
#: "Jo a écrit le 3 mai 2026 à 10:00 :".
ACTIVE_ATTRIBUTION = re.compile(
    r"^[\s>*]*+[^.!?:\n]{1,60}?\s(?:wrote|a écrit|écrivait|schrieb|escribió|ha scritto|schreef|escreveu|skrev)\s++"
    r"(?:(?:le|on|am|el|il|op|em|den)\b)?\s*+\S{0,12}\s?\d{1,4}[./\s-].{0,30}\d[:.h]\d\d.{0,12}[:：]\s*$",
    re.IGNORECASE,
)
#: The end of "Jo schrieb:".
SHORT_END = re.compile(rf"(?<!\w)(?:{_WROTE})\s?:$", re.IGNORECASE)
#: Something of every verb above, for a quick look.
WROTE_STEMS = [
    "writ",
    "wrote",
    "said",
    "crit",
    "envoy",
    "répon",
    "schr",
    "gesch",
    "escri",
    "escr",
    "scri",
    "inviato",
    "schre",
    "volgende",
    "enviou",
    "napisa",
    "pisze",
    "skre",
    "skri",
    "følgende",
    "följande",
    "kirjoit",
    "napsa",
    "napís",
    "píš",
    "напис",
    "пиш",
    "писа",
    "写",
    "寫",
    "のメール",
    "さん",
    "が書き",
    "님이",
    "작성",
    "írta",
    "yazdı",
    "έγραψε",
    "rašė",
    "rakst",
    "kirjut",
    "viết",
    "menulis",
    "напи",
    "כתב",
    "מאת",
    "كتب",
]

_ORIGINAL = (
    "original message|original appointment|forwarded message|original e-?mail|reply message|forwarded by .{1,60}"
    "|originale? nachricht"
    "|message d[’'´]origine|message original|message initial|message transf[eé]r[eé]|message r[eé]exp[eé]di[eé]"
    "|courriel original|mail original"
    "|ursprüngliche nachricht|urspr[uü]ngliche nachricht|originalnachricht|original-nachricht"
    "|weitergeleitete nachricht|ursprüngliche mail"
    "|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|mensagem reencaminhada"
    "|messaggio originale|messaggio inoltrato|messaggio originario"
    "|oorspronkelijk bericht|oorspronkelijke bericht|origineel bericht|doorgestuurd bericht"
    "|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|oprindelig meddelelse"
    "|opprinnelig melding|videresendt.{0,20}"
    "|alkuperäinen viesti|välitetty viesti|wiadomość oryginalna|oryginalna wiadomość|przekazana wiadomość"
    "|wiadomość przekazana"
    "|původní zpráva|přeposlaná zpráva|pôvodná správa|исходное сообщение|пересылаемое сообщение"
    "|пересланное сообщение|перенаправленное сообщение"
    "|原始邮件|原始郵件|转发邮件|轉寄郵件|邮件原件"
    "|元のメッセージ|転送メッセージ|원본 메시지|전달된 메시지|eredeti üzenet|mesaj original|orijinal mesaj"
    "|özgün ileti"
)
#: What stands before the words of a separator, and those words with what may follow them.
SEPARATOR_LEAD = re.compile(r"[\s>*_=–—-]*+")
SEPARATOR_WORDS = re.compile(rf"(?:{_ORIGINAL})\s*+:?\s*+[-_=–—]*+\s*+\**+\s*+$", re.IGNORECASE)
#: A separator with words before it or headers behind it on its line, as telephones write them.
CROWDED_SEPARATOR = re.compile(rf"-{{5,12}} ?(?:{_ORIGINAL}) ?-{{5,12}}(?!-)", re.IGNORECASE)
#: What some programs write above or instead of a block of headers: "Message du 04/05/26 10:15", "---- Original ----".
HEADING = re.compile(
    r"^[\s>*]*+(?:message (?:du|of|from|vom|del?|van)\s?:?\s?\d[\d\s./:,h-]{5,30}"
    r"|[-=]{4,}+\s*+original\s*+[-=]{4,}+)\s*+$",
    re.IGNORECASE,
)
#: Tobit David, whose headers have no colon.
PROCESSED_BY = re.compile(r"^[\s>*\[]*+original message processed by david", re.IGNORECASE)
FORWARD_LINE = re.compile(
    r"^[\s>*_]*+(?:begin forwarded message|forwarded message|début du message (?:réexpédié|transféré|renvoyé)"
    r"|message transféré"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail)|weitergeleitete nachricht|inizio messaggio inoltrato"
    r"|inicio del mensaje reenviado"
    r"|início da mensagem (?:re)?encaminhada|begin doorgestuurd bericht|vidarebefordrat brev"
    r"|start på videresendt besked"
    r"|videresendt melding|välitetty viesti alkaa|początek przekazywanej wiadomości"
    r"|начало переадресованного сообщения|以下は引用)\s*+[:：]\s*+\**+\s*+$",
    re.IGNORECASE,
)
REPLY_ABOVE = re.compile(
    r"^[\s>]*+[-#=*_–—]{1,6}+\s*+.{0,20}?(?:reply above this line|type your reply above|répond(?:re"
    r"|ez) au[- ]dessus de cette ligne|écrivez votre réponse au-dessus"
    r"|antwort (?:oberhalb|über) dieser (?:linie|zeile)|responda (?:encima|por encima"
    r"|acima) de(?:sta)? (?:esta )?l[ií]n(?:ea|ha)).{0,40}$",
    re.IGNORECASE,
)

_LABELS: dict[str, str] = {
    "from": (
        "from de von da van från fra fra od от lähettäjä expéditeur absender mittente remitente remetente "
        "afzender kimden feladó från: kenmerk από "
        "发件人 寄件者 寄件人 差出人 送信者 보낸사람 від de_la от_кого"
    ),
    "date": (
        "sent date envoyé envoyé_le date_d'envoi gesendet gesendet_am datum inviato inviato_il data verzonden "
        "verzonden_op enviado enviado_el enviada_em "
        "enviado_em enviada fecha skickat skickat_den sendt dato wysłano wysłane odesláno odoslané отправлено "
        "дата lähetetty päivämäärä päiväys надіслано "
        "发送时间 日期 发件时间 寄件日期 送信日時 日時 보낸날짜 날짜 "
        "gönderilme gönderme_tarihi tarih elküldve küldve trimis le gönderildi"
    ),
    "to": (
        "to à a an aan para per till til do dla komu кому vastaanottaja vastaanottajat destinataire "
        "destinataires pour empfänger destinatario naar 收件人 収信者 宛先 "
        "받는사람 alıcı kime címzett către pro"
    ),
    "cc": ("cc copie copie_à kopie kopie_(cc) copia kopia копия dw kopio 抄送 副本 참조 bilgi másolatot_kap bcc cci"),
    "subject": (
        "subject objet sujet betreff oggetto onderwerp asunto assunto ämne emne temat předmět predmet тема aihe "
        "主题 主題 主旨 件名 제목 konu tárgy subiect θέμα re"
    ),
    "reply": ("reply-to répondre_à antwort_an risposta rispondi_a responder_a antwoord_aan reply_to odpowiedz_do"),
    "other": (
        "importance priority attachments pièces_jointes anlagen allegati priorité wichtigkeit signed_by "
        "resent-from organization organisation"
    ),
}
HEADER_LABELS = {label.replace("_", " "): kind for kind, labels in _LABELS.items() for label in labels.split()}
HEADER_LINE = re.compile(r"[\s>*|]*+([^\W\d][^:：\n]{0,24}?)[\s*]*+[:：](?!//)")
#: "Envoyé : lundi 4 mai 2026 10:15": when a mail was sent, which nobody says of a journey.
SENT_AT = re.compile(
    r"[\s>*|]*+(?:sent|envoyé|gesendet|enviad[oa]|inviato|verzonden|skickat|sendt|wysłan[oe]|odesláno|отправлено)\b[^\n]{0,60}?"
    r"(?<!\d)\d{1,2}[:.h]\d\d",
    re.IGNORECASE,
)
#: “You” and “your” and “me”, in the house's seven languages.
PERSONAL = re.compile(
    r"(?<!\w)(?:vous|votre|vos|nous|notre|tu|ton|ta|me|m[’']a|you|your|our|we|us|sie|ihre?|mir|uns|unsere?|usted|ustedes|su|nos"
    r"|nuestr[oa]|mi|ci|vostr[oa]|suo|lei|uw?|mij|ons|você|vocês|seu|sua|vosso|vossa)(?!\w)",
    re.IGNORECASE,
)
